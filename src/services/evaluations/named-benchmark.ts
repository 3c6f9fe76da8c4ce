import { findBenchmarks, insertBenchmarks } from '#src/db/queries/evaluations/benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, invariant } from '#src/services/errors.ts'

/** The category of a benchmark that was named before anybody defined it. */
export const UNDEFINED_CATEGORY = ''

/** The id of a twin, which may be defined later. @throws Refusal `invalid_request` for a benchmark that is its own twin */
export async function namedBenchmark(ctx: Context, scope: Scope, of: string, slug: string): Promise<number> {
  if (slug === of) throw invalid('/benchmark/twin', `The benchmark "${of}" cannot be its own twin.`)
  const placeholder = { slug, name: slug, category: UNDEFINED_CATEGORY, kind: 'other' as const, orientation: 1 }
  await insertBenchmarks(ctx.db, scope, [placeholder])
  const [row] = await findBenchmarks(ctx.db, scope, [slug])
  invariant(row, 'a benchmark that was just named is there')
  return row.id
}
