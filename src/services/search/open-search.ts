import type { Expr } from '#src/core/search/expression.ts'
import { type Field, fieldText, parseField } from '#src/core/search/field.ts'
import { parseSearch } from '#src/core/search/parse-search.ts'
import type { BoundSearch, SortKey } from '#src/db/queries/search/find-matching.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { bindingsFor } from './bindings.ts'

export interface SearchInput {
  /** The search; empty: every run. */
  q: string
  /** Archived runs too; left out unless asked for. */
  archived?: boolean | undefined
}

/**
 * Reads a search and looks up every name in it and in `fields`.
 *
 * @throws Refusal `invalid_request` at `/q`, with the place (`at`, `to`) and what was `expected`
 */
export async function openSearch(
  ctx: Context,
  scope: ProjectScope,
  input: SearchInput,
  fields: readonly Field[] = [],
): Promise<BoundSearch> {
  const expr = readSearch(input.q)
  return {
    expr,
    bindings: await bindingsFor(ctx, scope, expr, fields),
    archived: input.archived ?? false,
  }
}

function readSearch(q: string): Expr | null {
  const read = parseSearch(q)
  if (read.kind === 'ok') return read.expr
  const { at, to, expected } = read
  const message = `The search cannot be read at character ${at + 1}: expected ${expected}.`
  throw new Refusal('invalid_request', message, { errors: [{ pointer: '/q', message }], at, to, expected })
}

/**
 * Fields of columns or groups.
 *
 * @throws Refusal `invalid_request` for one that is none
 */
export const readFields = (texts: readonly string[], pointer: string): Field[] =>
  texts.map((text, i) => {
    const field = parseField(text)
    if ('wrong' in field) throw invalid(`${pointer}/${i}`, `"${text}" is no column: expected ${field.wrong}.`)
    return field
  })

/** Sort keys; of a field that is named twice the first counts. */
export function readSort(sort: readonly { field: string; direction: 'asc' | 'desc' }[], pointer = '/sort'): SortKey[] {
  const fields = readFields(
    sort.map(({ field }) => field),
    pointer,
  )
  const keys = new Map<string, SortKey>()
  for (const [i, field] of fields.entries()) {
    const name = fieldText(field)
    if (!keys.has(name)) keys.set(name, { field, direction: sort[i]?.direction ?? 'asc' })
  }
  return [...keys.values()]
}
