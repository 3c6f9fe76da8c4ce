import { invalid } from '#src/services/errors.ts'

/** Packs the place after which a list goes on. */
export const packCursor = (place: number): string => Buffer.from(`n${place}`).toString('base64url')

/**
 * Unpacks a cursor that `packCursor` made.
 *
 * @throws Refusal `invalid_request`
 */
export function readCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const found = /^n(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (!found) throw invalid('/query/cursor', 'The cursor is not one that this list gave; begin without one.')
  return Number(found[1])
}

/** A page of a list of which one row more than `limit` was read. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => number,
  view: (row: Row) => Item,
): { items: Item[]; next_cursor?: string } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(view), ...(rows.length > limit && last && { next_cursor: packCursor(place(last)) }) }
}
