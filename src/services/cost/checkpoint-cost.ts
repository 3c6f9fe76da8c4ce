import { costGraph, usedNodes } from '#src/core/cost/lineage-cost.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { CostAsk } from '#src/protocol/cost.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'
import { authorize } from '#src/services/authorize.ts'
import type { StageCheckpoint } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { gatherCost } from './gather.ts'
import { totalOf } from './tell.ts'

/** What a checkpoint cost, and what of it each stage took, by the id inside. */
export interface CheckpointCost {
  total: CostTotal
  ofStage: ReadonlyMap<number, CostTotal>
}

/**
 * What it took to make a checkpoint of a proven place: each stage up to what it handed on, its own up to this step, by the default price
 * book; shared ancestors once.
 *
 * @throws Refusal `forbidden`
 */
export async function getCheckpointCost(
  ctx: Context,
  scope: ProjectScope,
  checkpoint: StageCheckpoint,
): Promise<CheckpointCost> {
  authorize(ctx.actor, 'cost:read', scope)
  const g = await gatherCost(ctx, scope, [checkpoint.experimentId], CostAsk.parse({}), true, checkpoint)
  const used = usedNodes(costGraph(g.ledger.nodes, g.ledger.edges), g.ledger.leafOf(checkpoint.experimentId))
  const inside = g.ledger.items.filter((item) => item.node !== null && used.has(item.node))
  return {
    total: totalOf(g, inside),
    ofStage: new Map(
      [...groupBy(inside, ({ experimentId }) => experimentId)].map(([id, items]) => [id, totalOf(g, items)]),
    ),
  }
}
