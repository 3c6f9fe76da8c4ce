import { otherPart, type Part } from '#src/core/evaluations/paired-parts.ts'
import {
  type BenchmarkRow,
  findBenchmarksById,
  listSlugsOfBenchmarks,
  updateBenchmark,
} from '#src/db/queries/evaluations/benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { namedBenchmark } from './named-benchmark.ts'

/** What changed of one benchmark when a pair was made or taken apart. */
export interface PairEdit {
  benchmarkId: number
  field: 'part' | 'pair'
  before: string | null
  after: string | null
}

/**
 * Makes two benchmarks the two sides of one task, or takes a pair apart (null). Both rows name each other; a benchmark that has another
 * side already leaves it.
 *
 * @returns edits of every row that changed, none when all was so already
 * @throws Refusal `invalid_request` for a benchmark that is to be its own other side, and for one that is the other side of a third
 */
export async function pairBenchmarks(
  ctx: Context,
  scope: Scope,
  row: BenchmarkRow,
  wanted: { part: Part; pair: string } | null,
): Promise<PairEdit[]> {
  if (wanted?.pair === row.slug)
    throw invalid(
      '/pair',
      `"${row.slug}" cannot be the other side of itself: two metrics of one benchmark are no pair. Report the other side under a slug of its own.`,
    )
  if (!wanted && row.pairId === null) return []
  const otherId = wanted && (await namedBenchmark(ctx, scope, row.slug, wanted.pair))
  if (wanted && otherId === row.pairId && wanted.part === row.part) return []
  const held = await findBenchmarksById(
    ctx.db,
    scope,
    [otherId, row.pairId].filter((id) => id !== null),
  )
  const other = held.find((one) => one.id === otherId)
  const slugs = await listSlugsOfBenchmarks(
    ctx.db,
    scope,
    [row, ...held].flatMap((one) => [one.id, one.pairId].filter((id) => id !== null)),
  )
  if (other && other.pairId !== null && other.pairId !== row.id)
    throw invalid(
      '/pair',
      `"${other.slug}" is the other side of "${slugs.get(other.pairId)}" already. Take that pair apart first.`,
    )
  const next = new Map<number, { row: BenchmarkRow; part: Part | null; pairId: number | null }>()
  next.set(row.id, { row, part: wanted?.part ?? null, pairId: otherId })
  for (const one of held)
    next.set(
      one.id,
      wanted && one.id === otherId
        ? { row: one, part: otherPart(wanted.part), pairId: row.id }
        : { row: one, part: null, pairId: null },
    )
  const slugOf = (id: number | null) => (id === null ? null : (slugs.get(id) ?? null))
  const edits = [...next.values()].flatMap(({ row: one, part, pairId }): PairEdit[] => [
    ...(one.part === part ? [] : [{ benchmarkId: one.id, field: 'part' as const, before: one.part, after: part }]),
    ...(one.pairId === pairId
      ? []
      : [{ benchmarkId: one.id, field: 'pair' as const, before: slugOf(one.pairId), after: slugOf(pairId) }]),
  ])
  // A benchmark is the other side of one alone: what is let go goes first.
  for (const { row: one } of next.values()) await updateBenchmark(ctx.db, scope, one.id, { part: null, pairId: null })
  for (const { row: one, part, pairId } of next.values())
    if (pairId !== null) await updateBenchmark(ctx.db, scope, one.id, { part, pairId })
  return edits
}
