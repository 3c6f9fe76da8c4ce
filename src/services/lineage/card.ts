import { firstOf, SPEED_KEYS, TOKEN_KEYS } from '#src/core/lineage/loss-keys.ts'
import { stageTokens } from '#src/core/lineage/stage-tokens.ts'
import { allWeightAncestors } from '#src/core/lineage/weight-path.ts'
import type { RunState } from '#src/core/runs/states.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { instantOrNull, millisOf } from '#src/db/queries/instant.ts'
import type { StageRunRow } from '#src/db/queries/lineage/list-stage-runs.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { StageCard } from '#src/protocol/lineage.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { compareCells, type Meaning, severity } from '#src/services/evaluations/compare.ts'
import { viewEvaluation } from '#src/services/evaluations/view.ts'
import { budgetsOfProject } from '#src/services/forgetting/budgets-of-project.ts'
import { type ProjectGraph, startOf } from './gather.ts'

/** Makes the cards of a project's stages; totals of tokens follow the weight path and are worked out once each. */
export function cardMaker(ctx: Context, project: string, graph: ProjectGraph): (row: ExperimentRow) => StageCard {
  const totals = new Map<number, { own: number | null; total: number | null }>()
  const budgetOf = budgetsOfProject(ctx, graph)

  /** Tokens of a stage alone and along its weight path. */
  function tokensOf(id: number): { own: number | null; total: number | null } {
    const known = totals.get(id)
    if (known) return known
    totals.set(id, { own: null, total: null })
    const start = startOf(graph, id)
    const before = start ? (graph.stages.get(start.edge.parent)?.tokens ?? tokensOf(start.edge.parent).total) : null
    const run = graph.runs.get(id)
    const counter = run && firstOf(TOKEN_KEYS, (key) => summaryOf(graph, run, key))
    const last = largest(finite(counter?.last_value), run?.tokens, graph.stages.get(id)?.tokens)
    const tokens = stageTokens({ first: finite(counter?.first_value), last }, before)
    totals.set(id, tokens)
    return tokens
  }

  return (row) => {
    const run = graph.runs.get(row.id)
    const standing = graph.standings.get(row.id) ?? { state: 'planned' as const, detail: null }
    const stage = graph.stages.get(row.id)
    const changes = changesOf(ctx, graph, row.id)
    const loss = run ? (graph.losses.get(run.id) ?? null) : null
    const lastStep = run ? largest(run.last_step, ...lossSteps(graph, run)) : null
    const tokens = tokensOf(row.id)
    const budget = budgetOf(row.id)
    const isLive = standing.state === 'running' && run !== undefined
    return {
      project,
      number: row.number,
      slug: row.slug,
      name: row.name,
      stage_kind: row.stageKind,
      method: row.method,
      root: row.root,
      params: row.params,
      is_unstaged: row.isUnstaged,
      state: standing.state,
      state_detail: standing.detail ?? (isLive && run.message ? run.message : null),
      ...countRuns(graph, row.id),
      progress: isLive && lastStep !== null ? progressOf(ctx, graph, run, lastStep) : null,
      steps: lastStep === null ? null : lastStep + 1,
      tokens: tokens.own,
      tokens_total: tokens.total,
      wall_s: run?.wall_s ?? null,
      ...devicesOf(graph, row.id),
      plan: row.plan,
      checkpoint: stage ? { id: stage.uid, step: stage.step, why: stage.why } : null,
      checkpoints: graph.checkpoints.get(row.id) ?? 0,
      evaluations: graph.evaluations.get(row.id) ?? 0,
      scores: startOf(graph, row.id) ? [] : scoresOf(graph, row.id),
      target: bestTarget(changes),
      worst: worstKept(changes),
      over_budget: budget.counts.fail,
      budget: budget.verdict,
      loss,
      started_at: instantOrNull(run?.started_at ?? null),
      ended_at: instantOrNull(run?.ended_at ?? null),
      url: graph.addresses.experiment(project, row.number),
    }
  }
}

/** Changes of a stage's checkpoint against the one it started from; empty where there is nothing measured. */
export function changesOf(
  ctx: Context,
  graph: ProjectGraph,
  experimentId: number,
  baseline?: { checkpointId: number | null },
): Change[] {
  const stage = graph.stages.get(experimentId)
  const after = stage && graph.cells.get(stage.id)
  const start = baseline ?? startOf(graph, experimentId)
  if (!after || !start) return []
  return compareCells(ctx, {
    after,
    before: start.checkpointId === null ? null : (graph.cells.get(start.checkpointId) ?? []),
    meanings: meaningsOf(graph, experimentId),
    ancestral: ancestralBenchmarks(graph, experimentId),
  })
}

/** What benchmarks mean to a stage, by benchmark id. */
export const meaningsOf = (graph: Pick<ProjectGraph, 'roles'>, experimentId: number): Map<number, Meaning> =>
  new Map(
    (graph.roles.get(experimentId) ?? []).map(({ benchmarkId, role, tolerance }) => [benchmarkId, { role, tolerance }]),
  )

/** Benchmarks on which some weight ancestor of the stage was measured. */
export function ancestralBenchmarks(graph: ProjectGraph, experimentId: number): Set<number> {
  const found = new Set<number>()
  const take = (cells: readonly Cell[] = []) => {
    for (const cell of cells) found.add(cell.row.benchmark_id)
  }
  for (const ancestor of allWeightAncestors(graph.paths, experimentId)) {
    const stage = graph.stages.get(ancestor)
    if (stage) take(graph.cells.get(stage.id))
  }
  const start = startOf(graph, experimentId)
  if (start && start.checkpointId !== null) take(graph.cells.get(start.checkpointId))
  return found
}

function scoresOf(graph: ProjectGraph, experimentId: number): StageCard['scores'] {
  const stage = graph.stages.get(experimentId)
  const cells = (stage && graph.cells.get(stage.id)) ?? []
  const meanings = meaningsOf(graph, experimentId)
  const isTarget = (cell: Cell) => Number(meanings.get(cell.row.benchmark_id)?.role === 'target')
  // A base is told by its loss on text before anything that it was never taught.
  const isLoss = (cell: Cell) => Number(cell.row.kind === 'loss')
  return [...cells]
    .sort((a, b) => isTarget(b) - isTarget(a) || isLoss(b) - isLoss(a) || a.row.benchmark_id - b.row.benchmark_id)
    .map((cell) => viewEvaluation({ ...cell.row, score: cell.score }, cell.interval))
}

/** The largest certain gain of a target, else the largest. */
function bestTarget(changes: readonly Change[]): Change | null {
  const targets = changes.filter((change) => change.role === 'target')
  const comparable = targets.filter((change) => change.utility !== null)
  const certain = comparable.filter((change) => change.reading === 'gained')
  const [best] = (certain.length > 0 ? certain : comparable).sort((a, b) => severity(b) - severity(a))
  return best ?? null
}

/** The worst change of what should be kept. */
function worstKept(changes: readonly Change[]): Change | null {
  const kept = changes.filter((c) => (c.role === 'retention' || c.role === 'safety') && c.utility !== null)
  const [worst] = kept.sort((a, b) => severity(a) - severity(b))
  return worst ?? null
}

function countRuns(graph: ProjectGraph, experimentId: number): Pick<StageCard, 'runs' | 'run_states'> {
  const states: Partial<Record<RunState, number>> = {}
  let runs = 0
  for (const { kind, run, n } of graph.work.get(experimentId) ?? []) {
    if (kind !== 'train') continue
    runs += n
    states[run] = (states[run] ?? 0) + n
  }
  return { runs, run_states: states }
}

function devicesOf(graph: ProjectGraph, experimentId: number): Pick<StageCard, 'device_hours' | 'device_kind'> {
  const rows = graph.devices.get(experimentId) ?? []
  const gpu = rows.find((row) => row.device_kind === 'gpu')
  const shown = gpu ?? rows[0]
  return { device_hours: shown?.hours ?? null, device_kind: shown?.device_kind ?? null }
}

/** Before so many steps the time that a program takes to load counts for more than its steps. */
const STEPS_UNTIL_ESTIMATE = 10

function progressOf(
  ctx: Context,
  graph: ProjectGraph,
  run: StageRunRow,
  step: number,
): NonNullable<StageCard['progress']> {
  const speed = firstOf(SPEED_KEYS, (key) => finite(summaryOf(graph, run, key)?.last_value) ?? undefined)
  const begunMs = run.attempt_started_at === null ? null : millisOf(run.attempt_started_at)
  const done = step - (run.first_step ?? 0) + 1
  const left = run.total_steps === null ? null : Math.max(0, run.total_steps - step - 1)
  const elapsedS = begunMs === null ? null : (ctx.services.now().getTime() - begunMs) / 1000
  return {
    step,
    total_steps: run.total_steps,
    tokens_per_s: speed ?? null,
    seconds_left: left !== null && elapsedS !== null && done >= STEPS_UNTIL_ESTIMATE ? (left * elapsedS) / done : null,
  }
}

const summaryOf = (graph: ProjectGraph, run: StageRunRow, key: string): MetricSummary | undefined =>
  graph.summaries.get(run.id)?.find((s) => s.key === key)

const lossSteps = (graph: ProjectGraph, run: StageRunRow): (number | null)[] => {
  const line = graph.losses.get(run.id)
  return line ? [summaryOf(graph, run, line.key)?.last_step ?? null] : []
}

const finite = (value: MetricSummary['last_value'] | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

function largest(...values: (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number')
  return known.length > 0 ? Math.max(...known) : null
}
