import type { Money } from '#src/core/comparisons/stage-rows.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { firstOf, TOKEN_KEYS } from '#src/core/lineage/loss-keys.ts'
import { stageTokens } from '#src/core/lineage/stage-tokens.ts'
import { principalEdge } from '#src/core/lineage/weight-path.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { type ComparedRunRow, listComparedRuns } from '#src/db/queries/comparisons/list-compared-runs.ts'
import { listHeldByRuns } from '#src/db/queries/comparisons/list-held-by-runs.ts'
import { listMetricsAt } from '#src/db/queries/comparisons/list-metrics-at.ts'
import { listRunEnds } from '#src/db/queries/comparisons/list-run-ends.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { Context } from '#src/services/context.ts'
import { type Ancestry, gatherAncestry, type RecordedStage } from '#src/services/experiments/ancestry.ts'
import { cellsOfCheckpoints } from '#src/services/lineage/gather.ts'
import { gatherMoney, type StageMoney } from '#src/services/publish/stage-money.ts'
import type { Entry } from './open-entry.ts'

/** What was recorded of one entry: its stage, with the run and the checkpoint that stand for it here. */
export interface RecordedEntry {
  entry: Entry
  stage: RecordedStage
  run: ComparedRunRow | null
  cost: { own: Money; path: Money }
  /** Of its run; of a checkpoint the values at its step. */
  metrics: readonly MetricSummary[]
}

const UNTOLD: Money = { text: null, amount: null, currency: null, missing: 'not told' }

/** Reads all that a comparison tells of its entries, in a fixed number of statements. Who may see them is shown before. */
export async function recordEntries(
  ctx: Context,
  scope: ProjectScope,
  entries: readonly Entry[],
): Promise<{ recorded: RecordedEntry[]; money: StageMoney }> {
  const stageIds = [...new Set(entries.map((entry) => entry.experiment_id))]
  const [ancestry, money] = await Promise.all([gatherAncestry(ctx, scope, stageIds), gatherMoney(ctx, scope, stageIds)])
  const known = entries.filter((entry) => ancestry.stages.has(entry.experiment_id))
  const runIds = [
    ...new Set(
      known.flatMap((entry) =>
        entry.kind === 'stage' ? (ancestry.stages.get(entry.experiment_id)?.run?.id ?? []) : (entry.run_id ?? []),
      ),
    ),
  ]
  const checkpointIds = known.filter(({ kind }) => kind === 'checkpoint').map(({ target_id }) => target_id)
  const ownRuns = known.flatMap((entry) => (entry.kind === 'run' ? entry.target_id : []))
  const [runs, held, ends, checkpoints, valuesAt, summaries] = await Promise.all([
    listComparedRuns(ctx.db, scope, runIds),
    listHeldByRuns(ctx.db, scope, ownRuns),
    listRunEnds(ctx.db, scope, ownRuns),
    listCheckpoints(ctx.db, scope, { ids: checkpointIds }),
    listMetricsAt(ctx.db, scope, checkpointIds),
    ctx.services.metrics.summaries(scope.workspaceId, runIds),
  ])
  const cells = await cellsOfCheckpoints(ctx, scope, [...checkpointIds, ...ends.map(({ id }) => id)])
  const runOf = new Map(runs.map((run) => [run.id, run]))
  const heldBy = groupBy(held, (row) => row.run_id)
  const valuesOf = groupBy(valuesAt, (row) => row.checkpoint_id)

  const recorded = known.flatMap((entry): RecordedEntry[] => {
    const stage = ancestry.stages.get(entry.experiment_id)
    if (!stage) return []
    const stageCost = { own: money.own(stage.row.id), path: money.path(stage.row.id) }
    if (entry.kind === 'stage') {
      const run = (stage.run && runOf.get(stage.run.id)) ?? null
      return [{ entry, stage, run, cost: stageCost, metrics: (run && summaries.get(run.id)) ?? [] }]
    }
    const run = (entry.run_id === null ? null : runOf.get(entry.run_id)) ?? null
    const metrics = (run && summaries.get(run.id)) ?? []
    if (entry.kind === 'run') {
      const end = ends.find(({ run_id }) => run_id === entry.target_id)
      const tokens = tokensOf(ancestry, stage, metrics, Math.max(run?.tokens ?? 0, end?.tokens ?? 0) || null)
      const own: RecordedStage = {
        ...stage,
        row: { ...stage.row, plan: null },
        checkpoint: end ? { ...end, experimentId: stage.row.id, runId: end.run_id, why: 'last' } : null,
        cells: (end && cells.get(end.id)) ?? [],
        run,
        held: heldBy.get(entry.target_id) ?? [],
        tokens: tokens.own,
        tokensTotal: tokens.total,
      }
      return [{ entry, stage: own, run, cost: { own: money.run(entry.target_id), path: stageCost.path }, metrics }]
    }
    const row = checkpoints.find(({ id }) => id === entry.target_id)
    if (!row) return []
    const isOfStage = stage.checkpoint?.id === row.id
    const tokens = tokensOf(ancestry, stage, metrics, row.tokens, true)
    const own: RecordedStage = {
      ...stage,
      row: { ...stage.row, plan: null },
      checkpoint: {
        ...{ id: row.id, uid: row.uid, experimentId: stage.row.id, runId: row.run_id, step: row.step },
        ...{ tokens: row.tokens, why: 'pinned' },
      },
      location: row.location,
      cells: cells.get(row.id) ?? [],
      // What was spent up to one checkpoint among several was not recorded apart.
      run: run && (isOfStage ? run : { ...run, wall_s: null, last_step: row.step }),
      held: isOfStage ? stage.held : [],
      tokens: tokens.own,
      tokensTotal: tokens.total,
    }
    const cost = isOfStage ? stageCost : { own: UNTOLD, path: UNTOLD }
    const at = new Map((valuesOf.get(row.id) ?? []).map(({ key, value }) => [key, value]))
    const values = metrics.flatMap((summary) =>
      at.has(summary.key) ? atStep(summary, at.get(summary.key), row.step) : [],
    )
    return [{ entry, stage: own, run, cost, metrics: values }]
  })
  return { recorded, money }
}

const atStep = (summary: MetricSummary, value: number | null | undefined, step: number): MetricSummary => ({
  ...summary,
  ...{ last_value: value ?? 'NaN', last_step: step },
  ...{ min: null, min_step: null, max: null, max_step: null, best: null, best_step: null },
})

/** Tokens up to the end of a run, or to a checkpoint of it. */
function tokensOf(
  ancestry: Ancestry,
  stage: RecordedStage,
  metrics: readonly MetricSummary[],
  seen: number | null,
  isCheckpoint = false,
): { own: number | null; total: number | null } {
  const edge = principalEdge(ancestry.edges, stage.row.id)
  const parent = edge ? ancestry.stages.get(edge.parent) : undefined
  const counter = firstOf(TOKEN_KEYS, (key) => metrics.find((summary) => summary.key === key))
  const counts = [isCheckpoint ? null : finite(counter?.last_value), seen].filter((v) => v !== null)
  const last = counts.length > 0 ? Math.max(...counts) : null
  return stageTokens(
    { first: finite(counter?.first_value), last },
    parent?.checkpoint?.tokens ?? parent?.tokensTotal ?? null,
  )
}

const finite = (value: MetricSummary['last_value'] | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null
