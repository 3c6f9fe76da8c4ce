import { stageReading } from '#src/core/comparisons/stage-reading.ts'
import { COMPARED_MAX, COMPARED_MIN, costRows, howRows } from '#src/core/comparisons/stage-rows.ts'
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { principalEdge } from '#src/core/lineage/weight-path.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listExperiments } from '#src/db/queries/experiments/list-experiments.ts'
import { listEdges } from '#src/db/queries/lineage/list-edges.ts'
import type { CompareStagesQuery, StageComparison } from '#src/protocol/comparisons.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { gatherAncestry, type RecordedStage } from '#src/services/experiments/ancestry.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { standingsOf } from '#src/services/experiments/standings.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { STAGES_MAX } from '#src/services/lineage/gather.ts'
import { gatherMoney } from '#src/services/publish/stage-money.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { factsOf } from './facts.ts'
import { changesOf, readOf, whyRows, wireRows } from './outcome.ts'

export type CompareStagesInput = CompareStagesQuery & { workspace?: string | undefined; project: string }

/**
 * Two to five stages side by side: how each was made, what it cost, and what it gained and lost against one of them. Stages of other
 * projects of the workspace may stand beside those of this one.
 *
 * @throws Refusal `not_found` (also for a stage), `forbidden`, `invalid_request` for fewer than two or more than five, a stage that is
 *   named twice, and a baseline that is none of them
 */
export async function compareStages(ctx: Context, input: CompareStagesInput): Promise<StageComparison> {
  const { scope, project } = await openProject(ctx, input, 'experiment:read')
  const [rows, edges] = await Promise.all([
    listExperiments(ctx.db, scope, { limit: STAGES_MAX }),
    listEdges(ctx.db, scope),
  ])
  const choices = rows.filter((row) => !row.isUnstaged)
  const names = input.stages.length > 0 ? input.stages : usualStages(choices, edges)
  if (names.length === 0) return { ...NOTHING, choices: choices.map((row) => refOfRow(row, project.slug)) }
  checkCount(names)
  const opened = await Promise.all(names.map((name) => openStage(ctx, input, name)))
  const ids = opened.map(({ experiment }) => experiment.id)
  const twice = names.find((_, i) => ids.indexOf(ids[i] ?? 0) !== i)
  if (twice !== undefined) throw invalid('/stages', `The stage "${twice}" is named twice. Name each stage once.`)
  const [ancestry, money] = await Promise.all([gatherAncestry(ctx, scope, ids), gatherMoney(ctx, scope, ids)])
  const stages = ids.flatMap((id) => ancestry.stages.get(id) ?? [])
  const parentOf = (stage: RecordedStage) => principalEdge(stage.parents, stage.row.id)?.parent ?? null
  const baseline = baselineAmong(names, ids, stages.map(parentOf), input.baseline)
  const base = stages[baseline] as RecordedStage
  const changes = stages.map((stage) => (stage === base ? [] : changesOf(ctx, stage, base)))
  const { standings } = await standingsOf(
    ctx,
    scope,
    stages.map(({ row }) => row),
  )
  const facts = stages.map((stage) => factsOf(stage, { own: money.own(stage.row.id), path: money.path(stage.row.id) }))
  return {
    stages: stages.map((stage) => ({
      experiment: refOfRow(stage.row, stage.row.project),
      state: standings.get(stage.row.id)?.state ?? 'planned',
      checkpoint: stage.checkpoint && { id: stage.checkpoint.uid, step: stage.checkpoint.step },
      is_baseline: stage === base,
      is_child: stage.parents.some((edge) => edge.parent === base.row.id && isWeightEdge(edge.kind)),
      purpose: stage.row.purpose,
    })),
    how: wireRows(howRows(facts)),
    cost: wireRows(costRows(facts, baseline)),
    cost_note: money.note,
    why: whyRows(stages, baseline, changes),
    readings: stages.map((stage, i) => (stage === base ? null : stageReading((changes[i] ?? []).map(readOf)))),
    choices: choices.map((row) => refOfRow(row, project.slug)),
  }
}

const NOTHING: Omit<StageComparison, 'choices'> = {
  stages: [],
  how: [],
  cost: [],
  cost_note: null,
  why: [],
  readings: [],
}

function checkCount(names: readonly string[]): void {
  if (names.length < COMPARED_MIN)
    throw invalid(
      '/stages',
      `One stage was named (${names.join(', ')}); a comparison takes ${COMPARED_MIN} to ${COMPARED_MAX}.`,
    )
  if (names.length > COMPARED_MAX)
    throw invalid(
      '/stages',
      `${names.length} stages were named; a comparison takes ${COMPARED_MIN} to ${COMPARED_MAX}.`,
    )
}

/** A stage by its name in this project, or in another behind its slug. */
function openStage(ctx: Context, input: CompareStagesInput, name: string) {
  const [first, second] = name.split(':') as [string, string | undefined]
  const place =
    second === undefined ? { project: input.project, experiment: first } : { project: first, experiment: second }
  return openExperiment(ctx, { workspace: input.workspace, ...place }, 'experiment:read')
}

/** The fork with the most children, the parent first; in a project without one the last stage and its parent. Numbers as text. */
function usualStages(
  choices: readonly ExperimentRow[],
  edges: readonly { child: { id: number }; parent: { id: number }; kind: Parameters<typeof isWeightEdge>[0] }[],
): string[] {
  const known = new Map(choices.map((row) => [row.id, row]))
  const weights = edges.filter(
    (edge) => isWeightEdge(edge.kind) && known.has(edge.child.id) && known.has(edge.parent.id),
  )
  const children = groupBy(weights, (edge) => edge.parent.id)
  const [widest] = [...children].sort(([a, x], [b, y]) => y.length - x.length || b - a)
  if (!widest) return []
  const [parent, forks] = widest
  const ids = [...new Set([parent, ...forks.map((edge) => edge.child.id)])].slice(0, COMPARED_MAX)
  return ids.map((id) => String(known.get(id)?.number))
}

/** The place of the baseline: the named one, else the one from which most others start, else the first. */
function baselineAmong(
  names: readonly string[],
  ids: readonly number[],
  parents: readonly (number | null)[],
  named: string | undefined,
): number {
  if (named !== undefined) {
    const at = names.indexOf(named)
    if (at < 0)
      throw invalid('/baseline', `The baseline "${named}" is none of the stages compared: ${names.join(', ')}.`)
    return at
  }
  const counts = ids.map((id) => parents.filter((parent) => parent === id).length)
  return counts.indexOf(Math.max(...counts))
}
