/** All that costs are reckoned from, read in a fixed number of statements however many stages there are. */
import { bookDevice } from '#src/core/cost/device-specs.ts'
import { type Ledger, type LedgerRun, ledgerOf } from '#src/core/cost/ledger.ts'
import { checkedCurrency } from '#src/core/cost/money.ts'
import type { CurrencyRate } from '#src/core/cost/rates.ts'
import { type Allocation, checkAllocations, segmentsOf } from '#src/core/cost/segments.ts'
import { inCurrency, type Tally, tallyOf } from '#src/core/cost/tally.ts'
import { idleStretches, inAll } from '#src/core/cost/work.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { TOKEN_KEYS } from '#src/core/lineage/loss-keys.ts'
import { listEntries } from '#src/db/queries/cost/entries.ts'
import { type AllocationRow, listCostAllocations } from '#src/db/queries/cost/list-cost-allocations.ts'
import { type CostAttemptRow, listCostAttempts } from '#src/db/queries/cost/list-cost-attempts.ts'
import { listCostCheckpoints } from '#src/db/queries/cost/list-cost-checkpoints.ts'
import { type CostRunRow, listCostRuns } from '#src/db/queries/cost/list-cost-runs.ts'
import { type CostStageRow, listCostStages } from '#src/db/queries/cost/list-cost-stages.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import { type AncestorEdge, listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import type { Scope } from '#src/db/scope.ts'
import type { CostAsk } from '#src/protocol/cost.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import { type StageCheckpoint, stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { checked, type LoadedBook, loadBook } from './book.ts'
import { type RunTelemetry, readTelemetry } from './telemetry.ts'

export interface Gathered {
  ask: CostAsk
  book: LoadedBook
  stages: ReadonlyMap<number, CostStageRow>
  edges: readonly AncestorEdge[]
  /** The checkpoint of each stage that has one. */
  ends: ReadonlyMap<number, StageCheckpoint>
  /** What the checkpoint of each stage tells of itself. */
  told: ReadonlyMap<number, Readonly<Record<string, unknown>>>
  runs: ReadonlyMap<number, CostRunRow>
  attempts: ReadonlyMap<number, CostAttemptRow[]>
  telemetry: ReadonlyMap<number, RunTelemetry>
  tokens: ReadonlyMap<number, MetricSummary[]>
  ledger: Ledger
  /** Kinds of entries that were recorded at all. */
  entryKinds: ReadonlySet<string>
  /** Rates that some amount was turned with. */
  rates: ReadonlySet<CurrencyRate>
  /** In words: allocations of one device that overlap. */
  warnings: readonly string[]
  nowMs: number
}

/**
 * Reads stages, all that they start from (in any project of the workspace), and what their runs held.
 *
 * @param withAncestors false: these stages alone
 * @param end stands for its stage in place of the checkpoint that the rule chooses
 * @throws Refusal `invalid_request` for an unknown currency
 */
export async function gatherCost(
  ctx: Context,
  scope: Scope,
  experimentIds: readonly number[],
  ask: CostAsk,
  withAncestors = true,
  end?: StageCheckpoint,
): Promise<Gathered> {
  const { db } = ctx
  const { currency } = ask
  if (currency !== undefined) checked('/currency', () => checkedCurrency(currency))
  const edges = withAncestors ? await listAncestorEdges(db, scope, experimentIds) : []
  const ids = [...new Set([...experimentIds, ...edges.map((edge) => edge.parent)])]
  const [stageRows, runRows, entries, { of: ends }, book] = await Promise.all([
    listCostStages(db, scope, ids),
    listCostRuns(db, scope, ids),
    listEntries(db, scope, ids),
    stageCheckpoints(ctx, scope, ids),
    loadBook(ctx, scope, { book: ask.book, asOf: ask.as_of ?? null }),
  ])
  if (end) ends.set(end.experimentId, end)
  const runIds = runRows.map((run) => run.id)
  const named = edges.flatMap((edge) => edge.checkpointId ?? [])
  const [checkpoints, attemptRows, allocationRows, telemetry, tokens] = await Promise.all([
    listCostCheckpoints(db, scope, [...new Set([...named, ...[...ends.values()].map(({ id }) => id)])]),
    listCostAttempts(db, scope, runIds),
    listCostAllocations(db, scope, runIds),
    readTelemetry(ctx, scope.workspaceId, runIds),
    ctx.services.metrics.summaries(scope.workspaceId, runIds, [...TOKEN_KEYS]),
  ])
  const nowMs = ctx.services.now().getTime()
  const runs = new Map(runRows.map((run) => [run.id, run]))
  const attempts = groupBy(attemptRows, (row) => row.run_id)
  const held = allocationRows.flatMap((row) => heldBy(row, runs.get(row.runId), nowMs))
  const allocations = groupBy(held, (a) => a.runId)
  const rates = new Set<CurrencyRate>()
  const turn = (cost: Tally, on: string, runId: number | null): Tally => {
    if (currency === undefined) return cost
    const turned = inCurrency(cost, currency, on, book.rates, runId)
    for (const rate of turned.rates) rates.add(rate)
    return turned.tally
  }
  const counted = entries.filter(({ kind }) => ask.people || kind !== 'people')
  const ledger = ledgerOf(
    {
      stages: stageRows.map((row) => ({
        id: row.id,
        slug: row.slug,
        origin: originOf(row, ends.get(row.id) ?? null),
        checkpointId: ends.get(row.id)?.id ?? null,
      })),
      edges,
      checkpoints: checkpoints.map(({ createdAt, metadata: _, ...row }) => ({
        ...row,
        createdAtMs: millisOf(createdAt),
      })),
      runs: runRows.map((run) =>
        ledgerRun(run, attempts.get(run.id) ?? [], allocations.get(run.id) ?? [], telemetry.get(run.id), book),
      ),
      entries: counted.map(({ experimentId, runId, kind, onDay, amount, currency, assumed }) => ({
        experimentId,
        runId,
        kind,
        on: onDay,
        cost: tallyOf({ amount, currency }, {}, assumed),
      })),
    },
    turn,
  )
  return {
    ask,
    book,
    stages: new Map(stageRows.map((row) => [row.id, row])),
    edges,
    ends,
    told: new Map(
      checkpoints.flatMap((row) =>
        ends.get(row.experimentId)?.id === row.id ? [[row.experimentId, row.metadata]] : [],
      ),
    ),
    runs,
    attempts,
    telemetry,
    tokens,
    ledger,
    entryKinds: new Set(entries.map(({ kind }) => kind)),
    rates,
    warnings: overlapWarnings(held),
    nowMs,
  }
}

const originOf = (row: CostStageRow, end: StageCheckpoint | null): 'here' | 'outside' | 'imported' =>
  row.rootKind === 'external_base' || row.rootKind === 'api_model'
    ? 'outside'
    : end && end.runId === null
      ? 'imported'
      : 'here'

/** An allocation that is still open lasts until now while its run is at work, else until the run ended. */
export function heldBy(
  row: AllocationRow,
  run: Pick<CostRunRow, 'number' | 'state' | 'ended_at'> | undefined,
  nowMs: number,
): Allocation[] {
  if (!run) return []
  const isLive = run.state === 'running' || run.state === 'lost'
  const end = row.endedAt ?? (isLive ? null : (run.ended_at ?? row.startedAt))
  const startMs = millisOf(row.startedAt)
  return [
    {
      id: row.id,
      runId: row.runId,
      runNumber: run.number,
      attempt: row.attempt,
      deviceKind: row.deviceKind,
      deviceName: row.deviceName,
      count: row.count,
      devices: row.deviceUuids.map((uuid) => `${row.agentId ?? ''}:${uuid}`),
      provider: row.provider,
      region: row.region,
      commitment: row.commitment,
      startMs,
      endMs: Math.max(startMs, end === null ? nowMs : millisOf(end)),
    },
  ]
}

function ledgerRun(
  run: CostRunRow,
  attempts: readonly CostAttemptRow[],
  allocations: readonly Allocation[],
  telemetry: RunTelemetry | undefined,
  book: LoadedBook,
): LedgerRun {
  const { periodMs, util } = telemetry ?? { periodMs: null, util: [] }
  return {
    id: run.id,
    number: run.number,
    experimentId: run.experiment_id,
    kind: run.kind,
    state: run.state,
    config: run.config,
    seed: run.seed,
    lastStep: run.last_step,
    isDeleted: run.is_deleted,
    targetId: run.target_id,
    attempts: attempts.map((attempt) => ({
      number: attempt.number,
      firstStep: attempt.first_step,
      fromSavedMs: attempt.from_saved_at === null ? null : millisOf(attempt.from_saved_at),
      programStartMs: attempt.started_at === null ? null : millisOf(attempt.started_at),
    })),
    segments: segmentsOf(allocations, book.prices, deviceOf),
    idle: periodMs === null ? [] : inAll(util.map((samples) => idleStretches(samples, periodMs))),
  }
}

/** The name in the price book of what an allocation holds. */
export const deviceOf = (held: Allocation): string => bookDevice(held.deviceKind, held.deviceName)

function overlapWarnings(held: readonly Allocation[]): string[] {
  try {
    checkAllocations(held)
    return []
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return [`Time is counted twice: ${error.message}.`]
  }
}

/** When attempts of a run were at work, and how long nothing was held between them; ms. */
export function attemptTimes(
  g: Gathered,
  runId: number,
): { startMs: number; endMs: number; wallMs: number; downMs: number } | null {
  const run = g.runs.get(runId)
  const spans = (g.attempts.get(runId) ?? []).flatMap(({ started_at, ended_at }) => {
    if (!started_at || !run) return []
    const isLive = run.state === 'running' || run.state === 'lost'
    const end = ended_at ?? (isLive ? new Date(g.nowMs).toISOString() : (run.ended_at ?? started_at))
    return [{ startMs: millisOf(started_at), endMs: Math.max(millisOf(started_at), millisOf(end)) }]
  })
  if (spans.length === 0) return null
  const startMs = Math.min(...spans.map((s) => s.startMs))
  const endMs = Math.max(...spans.map((s) => s.endMs))
  const wallMs = spans.reduce((sum, s) => sum + s.endMs - s.startMs, 0)
  return { startMs, endMs, wallMs, downMs: Math.max(0, endMs - startMs - wallMs) }
}
