import { overPlan, plannedHours } from '#src/core/cost/planned.ts'
import { sumTallies } from '#src/core/cost/tally.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { listCostStageIds } from '#src/db/queries/cost/list-cost-stages.ts'
import type { CostAsk, PlanCost } from '#src/protocol/cost.ts'
import type { Context } from '#src/services/context.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { gatherCost } from './gather.ts'
import { inOrder } from './lineage-cost.ts'
import { ownTokens, refOfStage } from './stage-bar.ts'
import { hoursOf, viewTotal } from './tell.ts'

/**
 * Planned against actual, stage by stage, root first; stages without plan and without runs are left out.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for an unknown currency
 */
export async function getPlanCost(
  ctx: Context,
  input: CostAsk & { workspace?: string | undefined; project: string },
): Promise<PlanCost> {
  const { scope } = await openProject(ctx, input, 'cost:read')
  const g = await gatherCost(ctx, scope, await listCostStageIds(ctx.db, scope), input)
  const byStage = groupBy(g.ledger.items, ({ experimentId }) => experimentId)
  const own = [...g.stages.values()].filter((s) => s.projectId === scope.projectId && (s.plan || byStage.has(s.id)))
  return {
    stages: inOrder(g, new Set(own.map(({ id }) => id))).flatMap((id) => {
      const stage = g.stages.get(id)
      if (!stage) return []
      const items = byStage.get(id) ?? []
      const spent = sumTallies(items.map(({ cost }) => cost))
      const hours = hoursOf(g, items)
      return [
        {
          experiment: refOfStage(stage),
          planned: {
            money: stage.plan?.money ?? null,
            device_hours: plannedHours(stage.plan),
            tokens: stage.plan?.tokens ?? null,
          },
          actual: {
            total: viewTotal(g, spent),
            device_hours: hours.length === 0 ? null : hours.reduce((sum, h) => sum + h.allocated, 0),
            tokens: ownTokens(g, id),
          },
          ...(items.length === 0 ? { over: null, reason: 'nothing was spent yet' } : overPlan(stage.plan, spent)),
        },
      ]
    }),
  }
}
