import { costAncestors } from '#src/core/cost/leaves.ts'
import type { LedgerItem } from '#src/core/cost/ledger.ts'
import { type CostGraph, costGraph, usedNodes } from '#src/core/cost/lineage-cost.ts'
import { sumTallies } from '#src/core/cost/tally.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { EndReason } from '#src/core/runs/states.ts'
import { listCostStageIds } from '#src/db/queries/cost/list-cost-stages.ts'
import type { CostAsk, ProjectCost, StageCost, StageCostAlone } from '#src/protocol/cost.ts'
import type { Context } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { viewRate } from './book.ts'
import { attemptTimes, type Gathered, gatherCost } from './gather.ts'
import { headOf, isUnderWay, projectLeaves } from './head.ts'
import { inOrder } from './lineage-cost.ts'
import { energyOfItems } from './physics.ts'
import { ownTokens, refOfStage, stageBar } from './stage-bar.ts'
import { exclusionsOf, hoursOf, sourcesOf, totalOf } from './tell.ts'

interface InProject extends CostAsk {
  workspace?: string | undefined
  project: string
}

/**
 * What a project cost: all of its stages with everything that was spent on them, failed runs, later steps, idle and rolled-back time as
 * segments of their own, abandoned branches marked. Stages of other projects that it builds on are not in its total.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for an unknown currency or grid
 */
export async function getProjectCost(ctx: Context, input: InProject): Promise<ProjectCost> {
  const { scope, project } = await openProject(ctx, input, 'cost:read')
  const g = await gatherCost(ctx, scope, await listCostStageIds(ctx.db, scope), input)
  const leaves = projectLeaves(g, scope)
  const own = new Set([...g.stages.values()].flatMap((s) => (s.projectId === scope.projectId ? s.id : [])))
  const items = g.ledger.items.filter(({ experimentId }) => own.has(experimentId))
  const kept = leaves[0] === undefined ? new Set<number>() : costAncestors(g.edges, leaves[0])
  const isLeft = (id: number) => !kept.has(id) && !isUnderWay(g, id) && g.stages.get(id)?.isUnstaged === false
  const byStage = groupBy(items, ({ experimentId }) => experimentId)
  const bars = inOrder(g, own).flatMap((id) => {
    const stage = g.stages.get(id)
    return stage ? [wholeBar(g, stage, byStage.get(id) ?? [], isLeft(id) ? 'abandoned' : 'inside')] : []
  })
  const graph = costGraph(g.ledger.nodes, g.ledger.edges)
  return {
    ...headOf(g, project, items, items, ({ kind }) => kind, leaves),
    stages: bars,
    totals: {
      all: totalOf(g, items),
      by_kind: Object.fromEntries(
        [...groupBy(items, ({ kind }) => kind)].map(([kind, mine]) => [kind, totalOf(g, mine)]),
      ),
      abandoned: totalOf(
        g,
        items.filter(({ experimentId }) => isLeft(experimentId)),
      ),
    },
    interruptions: interruptionsOf(g, own),
    at_stage: inOrder(g, own).flatMap((id) => atStage(g, graph, id)),
  }
}

/** Ends of an attempt that say nothing against its program. */
const FROM_OUTSIDE: readonly (EndReason | null)[] = ['killed', 'preempted', 'lost']

function interruptionsOf(g: Gathered, own: ReadonlySet<number>): ProjectCost['interruptions'] {
  const trained = [...g.runs.values()].filter((run) => own.has(run.experiment_id) && run.kind === 'train')
  const attempts = trained.flatMap((run) => g.attempts.get(run.id) ?? [])
  const ms = trained.reduce((sum, run) => sum + (attemptTimes(g, run.id)?.wallMs ?? 0), 0)
  return { events: attempts.filter((a) => FROM_OUTSIDE.includes(a.end_reason)).length, hours: ms / 3_600_000 }
}

/**
 * What one stage cost: all of its runs, without its ancestors.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for an unknown currency or grid
 */
export async function getStageCost(
  ctx: Context,
  input: InProject & { experiment: number | string },
): Promise<StageCostAlone> {
  const { scope, experiment } = await openExperiment(ctx, input, 'cost:read')
  const g = await gatherCost(ctx, scope, [experiment.id], input, false)
  const stage = g.stages.get(experiment.id)
  invariant(stage, 'a stage that was opened is read')
  return {
    ...wholeBar(g, stage, g.ledger.items, 'inside'),
    sources: sourcesOf(g.ledger.items),
    rates: [...g.rates].map(viewRate),
    excludes: exclusionsOf(g),
    warnings: [...g.warnings],
  }
}

const wholeBar = (
  g: Gathered,
  stage: Parameters<typeof refOfStage>[0],
  items: readonly LedgerItem[],
  place: StageCost['place'],
): StageCost =>
  stageBar(g, stage, items, {
    place,
    usedBy: [],
    isInside: () => true,
    kindOf: ({ kind }) => kind,
    inView: (mine) => sumTallies(mine.map(({ cost }) => cost)),
  })

function atStage(g: Gathered, graph: CostGraph<string>, id: number): ProjectCost['at_stage'] {
  const stage = g.stages.get(id)
  if (!stage || stage.isUnstaged) return []
  const used = usedNodes(graph, g.ledger.leafOf(id))
  const inside = g.ledger.items.filter((item) => item.node !== null && used.has(item.node))
  const energy = energyOfItems(g, inside)
  return [
    {
      experiment: refOfStage(stage),
      total: totalOf(g, inside),
      hours: hoursOf(g, inside),
      wh: energy.state === 'not_available' ? null : energy.wh,
      tokens: ownTokens(g, id),
    },
  ]
}
