import { currencyOfMost, hourlyMoney, knownMoney, type PricedSpan } from '#src/core/cost/hourly-money.ts'
import { segmentsOf } from '#src/core/cost/segments.ts'
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { type LineageStart, runsBehind, type Unknown } from '#src/core/lineage/start-values.ts'
import { hourlyAt } from '#src/core/metrics/x-axis.ts'
import { listCostAllocations } from '#src/db/queries/cost/list-cost-allocations.ts'
import type { Scope } from '#src/db/scope.ts'
import { authorize } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { DEFAULT_BOOK, loadBook } from '#src/services/cost/book.ts'
import { deviceOf, heldBy } from '#src/services/cost/gather.ts'
import { reachProject } from '#src/services/workspaces/open.ts'
import type { Above } from './above-runs.ts'

type Money = NonNullable<LineageStart['money']>

const NO_PRICE: Unknown = { why: 'no hardware of these runs has a price' }

/**
 * Money behind each run when it began, and what its own hardware takes, by run id: allocated hardware by the default price book, of the
 * runs behind it each once up to the checkpoint that was gone on from, in the currency in which most of all these runs have a price.
 * Weights from elsewhere take nothing here: what they took was paid elsewhere. One stretch without a price makes it unknown.
 *
 * @throws Refusal `forbidden` for an actor who may not see costs
 */
export async function startMoney(ctx: Context, scope: Scope, above: Above): Promise<Map<number, Money>> {
  authorize(ctx.actor, 'cost:read', scope)
  const { runs, own, graph } = above
  const [rows, book] = await Promise.all([
    listCostAllocations(ctx.db, scope, [...runs.keys()]),
    loadBook(ctx, scope, { book: DEFAULT_BOOK, asOf: null }),
  ])
  // What is held since this very moment has a price, too.
  const nowMs = ctx.services.now().getTime() + 1
  const isOpen = new Set(
    rows.filter((row) => row.endedAt === null && isLive(runs.get(row.runId)?.state)).map(({ id }) => id),
  )
  const segments = new Map(
    [...groupBy(rows, (row) => row.runId)].map(([runId, mine]) => {
      const run = runs.get(runId)
      const held = mine.flatMap((row) =>
        heldBy(row, run && { number: run.number, state: run.state, ended_at: run.endedAt }, nowMs),
      )
      return [runId, segmentsOf(held, book.prices, deviceOf)] as const
    }),
  )
  const currency = currencyOfMost(segments.values())
  const spans = new Map<number, PricedSpan[]>()
  for (const [runId, mine] of segments)
    if (currency !== null)
      spans.set(
        runId,
        hourlyMoney(mine, currency, book.rates, (id) => isOpen.has(id)),
      )

  const known = new Map<number, number | Unknown>()
  /** Told once of each stage: runs of one stage have the same behind them. */
  const behind = (experimentId: number): number | Unknown => {
    const found = known.get(experimentId) ?? reckon(experimentId)
    known.set(experimentId, found)
    return found
  }
  const reckon = (experimentId: number): number | Unknown => {
    const elsewhere = elsewhereWithout(above, experimentId)
    if (elsewhere) return elsewhere
    const ends = runsBehind(graph, experimentId)
    if (ends === null) return { why: 'an ancestor of the weights is not known' }
    let sum = 0
    for (const [runId, endMs] of ends) {
      const taken = takenBy(runId, endMs)
      if ('why' in taken) return { why: `of ${nameOf(runId)} behind it, ${taken.why}` }
      sum += hourlyAt(taken.taken, endMs)
    }
    return sum
  }
  /** A run of another project with that; of one that the reader may not see only that there is one. */
  const nameOf = (runId: number): string => {
    const run = runs.get(runId)
    if (!run || !reachProject(ctx, { workspaceId: scope.workspaceId, id: run.projectId }))
      return 'a run of another project'
    return own.every((id) => runs.get(id)?.projectId === run.projectId)
      ? `run ${run.number}`
      : `run ${run.number} of ${run.project}`
  }
  const takenBy = (runId: number, untilMs?: number) => {
    if (!segments.has(runId)) return { why: 'no hardware was told' }
    const mine = spans.get(runId)
    return mine ? knownMoney(mine, untilMs) : NO_PRICE
  }
  return new Map(
    own.flatMap((id): [number, Money][] => {
      const run = runs.get(id)
      if (!run) return []
      const taken = takenBy(id)
      const atStart = behind(run.experimentId)
      if (typeof atStart !== 'number') return [[id, atStart]]
      if ('why' in taken) return [[id, taken]]
      return [[id, currency === null ? NO_PRICE : { atStart, currency, taken: taken.taken }]]
    }),
  )
}

const isLive = (state: string | undefined): boolean => state === 'running' || state === 'lost'

/** A stage of a project whose weights came without a run: what they took is not told. */
function elsewhereWithout({ roots, graph }: Above, experimentId: number): Unknown | null {
  const seen = new Set([experimentId])
  for (const id of seen)
    for (const edge of graph.edges.get(id) ?? []) {
      if (!isWeightEdge(edge.kind)) continue
      const root = roots.get(edge.parent)?.rootKind ?? null
      const isOutside = root === 'external_base' || root === 'api_model'
      if (graph.checkpointOf(edge)?.runId === null && !isOutside)
        return { why: 'a stage before it was made elsewhere and tells no cost' }
      seen.add(edge.parent)
    }
  return null
}
