import type { TransactionSql } from '../../../clients.ts'

/** Rows per statement: few texts are prepared, whatever the number of rows. */
const SIZES = [64, 16, 4, 1]

/** What a row is made of, as the driver sends it. */
export type Parameter = string | number | Buffer | null

/**
 * Inserts rows with as few `values` statements as their fixed sizes allow.
 *
 * @param head up to and with `values`
 * @param columns the type of each column
 * @param tail after the rows
 */
export async function insertRows(
  tx: TransactionSql,
  { head, columns, tail = '' }: { head: string; columns: readonly string[]; tail?: string },
  rows: readonly (readonly Parameter[])[],
): Promise<void> {
  for (let at = 0; at < rows.length; ) {
    const size = SIZES.find((size) => size <= rows.length - at) ?? 1
    await tx.unsafe(`${head} ${places(columns, size)} ${tail}`, rows.slice(at, at + size).flat(), { prepare: true })
    at += size
  }
}

function places(columns: readonly string[], rows: number): string {
  let parameter = 0
  const place = (type: string) => `$${++parameter}::${type}`
  return Array.from({ length: rows }, () => `(${columns.map(place).join(', ')})`).join(', ')
}
