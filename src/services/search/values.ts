import { fieldWords } from '#src/core/search/field.ts'
import { boundSearch } from '#src/db/queries/search/bound-search.ts'
import { listFieldValues } from '#src/db/queries/search/list-field-values.ts'
import type { SearchValues, SearchValuesInput } from '#src/protocol/search-keys.ts'
import type { Context } from '#src/services/context.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { bindingsFor } from './bindings.ts'
import { inSearchTime } from './in-search-time.ts'
import { readFields } from './open-search.ts'

/**
 * Values that a field has in a project, with how many runs have each.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a field that is none, `too_slow`
 */
export async function listSearchValues(
  ctx: Context,
  input: SearchValuesInput & { workspace?: string | undefined; project: string },
): Promise<SearchValues> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const [field] = readFields([input.field], '/field')
  if (!field) return { values: [] }
  const bindings = await bindingsFor(ctx, scope, null, [field])
  const values = await inSearchTime(() =>
    boundSearch(ctx.db, (db) => listFieldValues(db, scope, bindings, field, input)),
  )
  const words = fieldWords(field) ?? []
  const wanted = input.text.toLowerCase()
  // Words that no run has now can still be asked for.
  const others = words.filter((word) => word.includes(wanted) && !values.some(({ value }) => value === word))
  return {
    values: [
      ...values.filter(({ value }) => typeof value !== 'number' || Number.isFinite(value)),
      ...others.map((value) => ({ value, runs: 0 })),
    ].slice(0, input.limit),
  }
}
