import { onScale } from '#src/core/evaluations/on-scale.ts'
import { isPerToken } from '#src/core/evaluations/protocol.ts'
import {
  type CurvePoint,
  type TargetReached as Reached,
  tokensToTarget,
} from '#src/core/evaluations/tokens-to-target.ts'
import { scoreBreak } from '#src/core/lineage/curve-breaks.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { LineageStart } from '#src/core/lineage/start-values.ts'
import { type CheckpointViewRow, listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import { listMeasuredSlugs } from '#src/db/queries/evaluations/list-measured.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import type { TargetQuery, TargetReached } from '#src/protocol/target-reached.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { type Cell, cellsOf } from '#src/services/evaluations/cells.ts'
import { measure } from '#src/services/evaluations/measure.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { tokenizerOf } from './capability-stages.ts'
import { cardMaker } from './card.ts'
import { gatherGraph, startOf } from './gather.ts'
import { lineageStarts } from './start-values.ts'

const CONVENTION =
  'The first crossing, on the straight line between the two checkpoints around it; at most the tokens of the later one where they are not one curve or only one is known. A stage begins at the checkpoint that it started from.'

type Row = TargetReached['stages'][number]
/** `score`: as the newest one counts. */
type Measured = { checkpoint: CheckpointViewRow; cell: Cell; score: number }

/**
 * After how many tokens each stage of a project that has begun reached a score of a benchmark, and apart from it how many tokens per
 * second it trained. Scores and target count as the newest score of the benchmark does; a stage of which nothing was measured is told so.
 *
 * @throws Refusal `not_found` (project), `forbidden`; `invalid_request` for a benchmark that no checkpoint was measured on
 */
export async function getTargetReached(
  ctx: Context,
  input: TargetQuery & { workspace?: string | undefined; project: string },
): Promise<TargetReached> {
  const { scope, project } = await openProject(ctx, input, 'eval:read')
  const graph = await gatherGraph(ctx, scope)
  const own = await listEvaluations(ctx.db, scope, { projectId: scope.projectId, benchmark: input.benchmark })
  const [benchmark] = own
  if (!benchmark) throw invalid('/benchmark', unmeasured(input.benchmark, await listMeasuredSlugs(ctx.db, scope)))
  const starts = [...new Set(graph.experiments.flatMap((row) => startOf(graph, row.id)?.checkpointId ?? []))]
  const [checkpoints, measured] = await Promise.all([
    listCheckpoints(ctx.db, scope, { ids: [...new Set([...own.map((row) => row.checkpoint_id), ...starts])] }),
    measure(ctx, scope, own),
  ])
  const begins = await lineageStarts(ctx, scope, [...new Set(checkpoints.flatMap((c) => c.run_id ?? []))])
  const cells = new Map(
    [...groupBy(measured, (m) => m.row.checkpoint_id)].flatMap(([id, list]) => {
      const [cell] = cellsOf(list)
      return cell ? [[id, cell] as const] : []
    }),
  )
  const found = checkpoints.flatMap((checkpoint): Measured[] => {
    const cell = cells.get(checkpoint.id)
    if (!cell || checkpoint.deleted_at) return []
    return [{ checkpoint, cell, score: onScale(cell.score, cell.row.scale, benchmark.scale) }]
  })
  const card = cardMaker(ctx, project.slug, graph)

  const view = (row: ExperimentRow): Row => {
    const stage = graph.stages.get(row.id)
    const startId = startOf(graph, row.id)?.checkpointId ?? null
    const start = found.find(({ checkpoint }) => checkpoint.id === startId)
    // Other runs of a stage are other curves: the one is read that stands for the stage.
    const mine = found
      .filter(({ checkpoint: c }) => c.experiment_id === row.id && (!stage || c.run_id === stage.runId))
      .sort((a, b) => a.checkpoint.step - b.checkpoint.step)
    const curve = [...(start ? [start] : []), ...mine]
    const reached =
      mine.length === 0
        ? ({ state: 'not_measured' } as const)
        : tokensToTarget(pointsOf(curve, begins), input.target, {
            higherIsBetter: benchmark.orientation === 1,
            startsBefore: start !== undefined,
          })
    const shown = 'point' in reached ? curve[reached.point] : undefined
    const tokens = tokensOf(reached)
    const startCheckpoint = checkpoints.find(({ id }) => id === startId)
    const before = startId === null ? 0 : startCheckpoint ? tokensSeen(startCheckpoint, begins) : null
    const { state, tokens: trained, wall_s } = card(row)
    return {
      experiment: refOfRow(row, project.slug),
      state,
      reached: reached.state,
      tokens,
      own_tokens:
        reached.state !== 'reached' || tokens === null || before === null ? null : Math.max(0, tokens - before),
      at_most: reached.state === 'reached' && reached.atMost,
      checkpoint: shown ? { id: shown.checkpoint.uid, step: shown.checkpoint.step, score: shown.score } : null,
      measured: mine.length,
      tokens_per_s: trained !== null && wall_s !== null && wall_s > 0 ? trained / wall_s : null,
    }
  }
  return {
    benchmark: viewBenchmark(benchmark),
    target: input.target,
    convention: CONVENTION,
    stages: graph.experiments
      .filter((row) => !row.isUnstaged && (graph.stages.has(row.id) || graph.runs.has(row.id)))
      .map(view),
  }
}

const unmeasured = (slug: string, measured: readonly string[]): string =>
  measured.length === 0
    ? `No checkpoint was measured on ${slug}, nor on anything else.`
    : `No checkpoint was measured on ${slug}. Measured are: ${measured.slice(0, 20).join(', ')}.`

const tokensOf = (reached: Reached): number | null =>
  reached.state === 'reached' || reached.state === 'at_start' ? reached.tokens : null

/** Tokens that the weights of a checkpoint had seen. */
function tokensSeen(checkpoint: CheckpointViewRow, begins: ReadonlyMap<number, LineageStart>): number | null {
  const start = checkpoint.run_id === null ? undefined : begins.get(checkpoint.run_id)
  if (!start || checkpoint.tokens === null) return checkpoint.tokens
  return start.tokensOffset === null ? null : checkpoint.tokens + start.tokensOffset
}

function pointsOf(curve: readonly Measured[], begins: ReadonlyMap<number, LineageStart>): CurvePoint[] {
  const meaning = ({ checkpoint, cell: { row } }: Measured) => ({
    metric: row.metric,
    fingerprint: row.fingerprint,
    tokenizer: tokenizerOf(checkpoint),
    isPerToken: isPerToken(row.metric, row.kind),
  })
  return curve.map((one, i) => {
    const before = curve[i - 1]
    return {
      tokens: tokensSeen(one.checkpoint, begins),
      score: one.score,
      isJoined: before !== undefined && scoreBreak(meaning(before), meaning(one)) === null,
    }
  })
}
