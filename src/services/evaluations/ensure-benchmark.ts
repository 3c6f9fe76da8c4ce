import {
  type BenchmarkRow,
  defineBenchmark,
  findBenchmarks,
  insertBenchmarks,
  type NewBenchmark,
} from '#src/db/queries/evaluations/benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { BenchmarkInput } from '#src/protocol/evaluations.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, invariant, Refusal } from '#src/services/errors.ts'

/** The category of a benchmark that a stage named before anybody defined it. */
export const UNDEFINED_CATEGORY = ''

/**
 * The benchmark that an evaluation names by its slug or defines. The first definition stands.
 *
 * @throws Refusal `invalid_request` for a slug without definition; `conflict` naming the field for another definition
 */
export async function ensureBenchmark(
  ctx: Context,
  scope: Scope,
  input: string | BenchmarkInput,
): Promise<BenchmarkRow> {
  const slug = typeof input === 'string' ? input : input.slug
  const [known] = await findBenchmarks(ctx.db, scope, [slug])
  if (typeof input === 'string') {
    if (known && known.category !== UNDEFINED_CATEGORY) return known
    throw invalid(
      '/benchmark',
      `The benchmark "${slug}" is not defined yet; send its definition once: {slug, category, kind, higher_is_better}.`,
    )
  }
  const definition = definitionOf(input)
  if (!known) {
    await insertBenchmarks(ctx.db, scope, [definition])
    const [made] = await findBenchmarks(ctx.db, scope, [slug])
    invariant(made, 'a benchmark that was just made is there')
    return sameOrRefuse(made, input)
  }
  if (known.category === UNDEFINED_CATEGORY) {
    const defined = await defineBenchmark(ctx.db, scope, definition, UNDEFINED_CATEGORY)
    if (defined) return defined
    const [other] = await findBenchmarks(ctx.db, scope, [slug])
    invariant(other, 'a benchmark that somebody defined is there')
    return sameOrRefuse(other, input)
  }
  return sameOrRefuse(known, input)
}

const definitionOf = (input: BenchmarkInput): NewBenchmark => ({
  slug: input.slug,
  name: input.name ?? input.slug,
  category: input.category,
  kind: input.kind,
  orientation: input.higher_is_better ? 1 : -1,
  chance: input.chance ?? null,
  best: input.best ?? null,
  unit: input.unit ?? null,
  description: input.description ?? '',
})

/** What a number means must agree; name, category and description only sort it, and the first ones stay. */
function sameOrRefuse(known: BenchmarkRow, input: BenchmarkInput): BenchmarkRow {
  const pairs = [
    ['kind', known.kind, input.kind],
    ['higher_is_better', known.orientation === 1, input.higher_is_better],
    ['chance', known.chance, input.chance],
    ['best', known.best, input.best],
    ['unit', known.unit, input.unit],
  ] as const
  const other = pairs.find(([, has, wants]) => wants !== undefined && wants !== null && !isSame(has, wants))
  if (!other) return known
  const [field, has, wants] = other
  throw new Refusal(
    'conflict',
    `The benchmark "${known.slug}" is defined with ${field} ${JSON.stringify(has)}, this evaluation says ${JSON.stringify(wants)}. Use another slug, or leave the definition out.`,
    { errors: [{ pointer: `/benchmark/${field}`, message: `is ${JSON.stringify(has)}` }] },
  )
}

/** Chance levels such as 1/3 are written with more or fewer digits. */
const isSame = (has: unknown, wants: unknown): boolean =>
  typeof has === 'number' && typeof wants === 'number' ? Math.abs(has - wants) <= 1e-6 : has === wants
