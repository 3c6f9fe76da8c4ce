import { definitionObjection } from '#src/core/evaluations/definition.ts'
import { nearest } from '#src/core/search/nearest.ts'
import {
  type BenchmarkRow,
  completeBenchmark,
  defineBenchmark,
  findBenchmarks,
  insertBenchmarks,
  listBenchmarkSlugs,
  type NewBenchmark,
  type OpenFields,
} from '#src/db/queries/evaluations/benchmarks.ts'
import { lockBenchmarks } from '#src/db/queries/evaluations/lock-benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { BenchmarkInput } from '#src/protocol/evaluations.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, invariant, Refusal } from '#src/services/errors.ts'
import { namedBenchmark, UNDEFINED_CATEGORY } from './named-benchmark.ts'
import { pairBenchmarks } from './pair-benchmarks.ts'

/**
 * Makes a transaction the one writer of definitions where it has something to write: not for a slug, nor for a definition that is known
 * whole. To be called before the transaction takes any other lock.
 */
export async function holdDefinitions(ctx: Context, scope: Scope, input: string | BenchmarkInput): Promise<void> {
  if (typeof input === 'string') return
  const [known] = await findBenchmarks(ctx.db, scope, [input.slug])
  if (!known || !isWhole(known, input)) await lockBenchmarks(ctx.db, scope)
}

/** Nothing of a definition is left to be written. */
const isWhole = (known: BenchmarkRow, input: BenchmarkInput): boolean =>
  known.category !== UNDEFINED_CATEGORY &&
  !(known.pairId === null && input.pair) &&
  OPEN_WORDS.every(([field, word]) => known[field] !== null || (input[word] ?? null) === null)

/**
 * The benchmark that an evaluation names by its slug or defines. The first definition stands; a later one fills what it left open, so
 * that the order in which two clients come makes no difference.
 *
 * @throws Refusal `invalid_request` for a slug without definition, with the nearest that has one, and for a definition that cannot be;
 *   `conflict` naming the field for
 *   another definition
 * @param ctx within a transaction that holds the definitions (`holdDefinitions`)
 */
export async function ensureBenchmark(
  ctx: Context,
  scope: Scope,
  input: string | BenchmarkInput,
): Promise<BenchmarkRow> {
  const row = await definedBenchmark(ctx, scope, input)
  if (typeof input === 'string' || row.pairId !== null) return row
  const { part = null, pair = null } = input
  if (part === null && pair === null) return row
  if (part === null || pair === null)
    throw invalid(
      `/benchmark/${part === null ? 'part' : 'pair'}`,
      `The benchmark "${row.slug}" is one side of a task: part and pair come together, such as part "form" and the slug of the benchmark that measures the content.`,
    )
  // The first definition stands: a benchmark that another one names already keeps its pair.
  const [other] = await findBenchmarks(ctx.db, scope, [pair])
  if (other && other.pairId !== null) return row
  await pairBenchmarks(ctx, scope, row, { part, pair })
  return row
}

async function definedBenchmark(ctx: Context, scope: Scope, input: string | BenchmarkInput): Promise<BenchmarkRow> {
  const slug = typeof input === 'string' ? input : input.slug
  const [known] = await findBenchmarks(ctx.db, scope, [slug])
  if (typeof input === 'string') {
    if (known && known.category !== UNDEFINED_CATEGORY) return known
    throw invalid('/benchmark', await unknownBenchmark(ctx, scope, slug))
  }
  const definition = await definitionOf(ctx, scope, input)
  if (!known) await insertBenchmarks(ctx.db, scope, [definition])
  else if (known.category === UNDEFINED_CATEGORY) {
    const defined = await defineBenchmark(ctx.db, scope, definition, UNDEFINED_CATEGORY)
    if (defined) return defined
  } else return fillOrRefuse(ctx, scope, known, definition)
  const [made] = await findBenchmarks(ctx.db, scope, [slug])
  invariant(made, 'a benchmark that was just made is there')
  return fillOrRefuse(ctx, scope, made, definition)
}

/** What to say of a slug that nobody has defined: the nearest one, else all there are. */
export async function unknownBenchmark(ctx: Context, scope: Scope, slug: string): Promise<string> {
  const known = (await listBenchmarkSlugs(ctx.db, scope, UNDEFINED_CATEGORY)).sort()
  const near = nearest(slug, known)
  const hint = near
    ? ` Did you mean "${near}"?`
    : known.length > 0
      ? ` Defined are ${known.slice(0, NAMED_MAX).join(', ')}${known.length > NAMED_MAX ? ` and ${known.length - NAMED_MAX} more` : ''}.`
      : ''
  return `The benchmark "${slug}" is not defined yet.${hint} To define it, send {slug, category, kind, higher_is_better} once.`
}

/** At most this many benchmarks are named in a refusal. */
const NAMED_MAX = 8

async function definitionOf(ctx: Context, scope: Scope, input: BenchmarkInput): Promise<NewBenchmark & OpenFields> {
  const [chance, best, unit, margin] = [
    input.chance ?? null,
    input.best ?? null,
    input.unit ?? null,
    input.margin ?? null,
  ]
  const [valid_until, domain, facet] = [input.valid_until ?? null, input.domain ?? null, input.facet ?? null]
  const objection = definitionObjection({ ...input, chance, best, unit, margin, valid_until, domain, facet })
  if (objection) throw invalid(`/benchmark/${objection.field}`, `The benchmark "${input.slug}": ${objection.message}`)
  return {
    slug: input.slug,
    name: input.name ?? input.slug,
    category: input.category,
    use: input.use ?? null,
    kind: input.kind,
    orientation: input.higher_is_better ? 1 : -1,
    chance,
    best,
    unit,
    margin,
    twinId: input.twin ? await namedBenchmark(ctx, scope, input.slug, input.twin) : null,
    description: input.description ?? '',
    gain: input.gain ?? null,
    validUntil: valid_until,
    domain,
    facet,
  }
}

/** What a definition may leave open, as rows and as definitions call it. */
const OPEN_WORDS = [
  ...(['use', 'chance', 'best', 'unit', 'margin', 'gain', 'domain', 'facet'] as const).map(
    (word) => [word, word] as const,
  ),
  ['validUntil', 'valid_until'] as const,
  ['twinId', 'twin'] as const,
]

/** What a number means must agree; the other fields only sort it, and the first ones stay. */
async function fillOrRefuse(
  ctx: Context,
  scope: Scope,
  known: BenchmarkRow,
  wanted: NewBenchmark & OpenFields,
): Promise<BenchmarkRow> {
  refuseOther(known, wanted)
  if (!OPEN_WORDS.some(([field]) => known[field] === null && wanted[field] !== null)) return known
  const filled = await completeBenchmark(ctx.db, scope, known.id, wanted)
  refuseOther(filled, wanted)
  return filled
}

function refuseOther(known: BenchmarkRow, wanted: NewBenchmark): void {
  const pairs = [
    ['kind', known.kind, wanted.kind],
    ['higher_is_better', known.orientation === 1, wanted.orientation === 1],
    ['chance', known.chance, wanted.chance],
    ['best', known.best, wanted.best],
    ['unit', known.unit, wanted.unit],
  ] as const
  const other = pairs.find(
    ([, has, wants]) => has !== null && wants !== undefined && wants !== null && !isSame(has, wants),
  )
  if (!other) return
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
