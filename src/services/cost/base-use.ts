import { amortised } from '#src/core/cost/amortisation.ts'
import { costAncestors } from '#src/core/cost/leaves.ts'
import { carriesCost, lineageCost } from '#src/core/cost/lineage-cost.ts'
import { decimal } from '#src/core/cost/money.ts'
import { listDescendants } from '#src/db/queries/cost/list-descendants.ts'
import type { BaseUse, CostAsk } from '#src/protocol/cost.ts'
import type { Context } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { gatherCost } from './gather.ts'
import { embodiedOf, refOfStage } from './stage-bar.ts'
import { viewTotal } from './tell.ts'

/**
 * Who used a stage: everything in the workspace that descends from it, and what its lineage costs spread over them (per direct child) or
 * over tokens that are expected to be served.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for an unknown currency
 */
export async function getBaseUse(
  ctx: Context,
  input: CostAsk & {
    workspace?: string | undefined
    project: string
    experiment: number | string
    served_tokens?: number | undefined
  },
): Promise<BaseUse> {
  const { scope, experiment } = await openExperiment(ctx, input, 'cost:read')
  const g = await gatherCost(ctx, scope, await listDescendants(ctx.db, scope, experiment.id), input)
  const { union } = lineageCost(g.ledger.nodes, g.ledger.edges, [g.ledger.leafOf(experiment.id)])
  const base = g.stages.get(experiment.id)
  invariant(base, 'a stage that was opened is read')
  const users = [...g.stages.values()].filter(
    (s) => s.id !== experiment.id && costAncestors(g.edges, s.id).has(experiment.id),
  )
  const direct = g.edges.filter((edge) => edge.parent === experiment.id && carriesCost(edge.kind))
  const children = new Set(direct.map((edge) => edge.child)).size
  const spread = (units: number) =>
    units > 0 ? union.amounts.map(({ amount, currency }) => ({ amount: amortised(amount, units), currency })) : []
  return {
    base: refOfStage(base),
    total: viewTotal(g, union),
    embodied: embodiedOf(base),
    children: users.map((stage) => ({
      experiment: refOfStage(stage),
      kind: direct.find((edge) => edge.child === stage.id)?.kind ?? 'descends',
      is_direct: direct.some((edge) => edge.child === stage.id),
      is_abandoned: stage.archivedAt !== null,
    })),
    per_child: spread(children),
    per_million_served:
      input.served_tokens === undefined ? [] : spread(decimal(input.served_tokens).div(1_000_000).toNumber()),
  }
}
