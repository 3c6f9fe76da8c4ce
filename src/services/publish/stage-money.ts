import { moneyOf } from '#src/core/comparisons/money-words.ts'
import type { Money } from '#src/core/comparisons/stage-rows.ts'
import { lineageCost } from '#src/core/cost/lineage-cost.ts'
import { NOTHING, sumTallies } from '#src/core/cost/tally.ts'
import { formatMoney } from '#src/core/format/money.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { CostAsk } from '#src/protocol/cost.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { gatherCost } from '#src/services/cost/gather.ts'
import { sourcesOf } from '#src/services/cost/tell.ts'

/** What stages cost, each as the end of its own path. */
export interface StageMoney {
  /** Of all that the weights of `leaf` descend from, each stage once. */
  path(leaf: number): Money
  /** Of one stage on that path alone: what `leaf` uses of it. */
  own(leaf: number, stage?: number): Money
  /** Of one run of these stages alone, by its id inside. */
  run(id: number): Money
  /** The prices that it was reckoned with, or why there is no money; null where nothing was spent. */
  note: string | null
}

const UNKNOWN: Money = { text: null, amount: null, currency: null, missing: null }

/** Reckons money of stages with the default price book. An actor who may not see costs gets none, and the reason. */
export async function gatherMoney(ctx: Context, scope: ProjectScope, leaves: readonly number[]): Promise<StageMoney> {
  if (!permissionsIn(ctx.actor, scope)?.includes('cost:read'))
    return { path: () => UNKNOWN, own: () => UNKNOWN, run: () => UNKNOWN, note: 'You may not see costs here.' }
  const g = await gatherCost(ctx, scope, leaves, CostAsk.parse({}))
  const known = leaves.filter((id) => g.stages.has(id))
  const nodeOf = new Map(known.map((id) => [id, g.ledger.leafOf(id)]))
  const costs = lineageCost(g.ledger.nodes, g.ledger.edges, [...new Set(nodeOf.values())])
  const used = g.ledger.items.filter(({ node }) => node !== null && costs.usedBy.has(node))
  const sources = sourcesOf(used)
  return {
    path: (leaf) => {
      const node = nodeOf.get(leaf)
      return moneyOf((node === undefined ? undefined : costs.full.get(node)) ?? NOTHING)
    },
    own: (leaf, stage = leaf) => {
      const node = nodeOf.get(leaf)
      const mine = used.filter(
        (item) =>
          item.experimentId === stage &&
          node !== undefined &&
          item.node !== null &&
          (costs.usedBy.get(item.node) ?? []).includes(node),
      )
      return moneyOf(sumTallies(mine.map(({ cost }) => cost)))
    },
    run: (id) => moneyOf(sumTallies(g.ledger.items.filter(({ runId }) => runId === id).map(({ cost }) => cost))),
    note:
      sources.length === 0
        ? null
        : sources
            .slice(0, 3)
            .map(
              ({ device, per_hour, currency, assumed, source, priced_on }) =>
                `${device} ${formatMoney({ amount: per_hour, currency })} an hour${assumed ? ' (assumed)' : ''}${priced_on === null ? '' : `, ${priced_on}`}, ${source}`,
            )
            .join('; '),
  }
}
