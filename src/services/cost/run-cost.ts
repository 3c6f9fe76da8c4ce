import { sumTallies } from '#src/core/cost/tally.ts'
import type { CostAsk, RunCost } from '#src/protocol/cost.ts'
import type { Context } from '#src/services/context.ts'
import { openRunByNumber } from '#src/services/runs/open.ts'
import { gatherCost } from './gather.ts'
import { carbonOf, energyOfItems, flopsOfStage } from './physics.ts'
import { ownTokens } from './stage-bar.ts'
import { hoursOf, piecesOfItems, segmentsOfItems, sourcesOf, viewTotal } from './tell.ts'

/**
 * What one run cost: all attempts, allocated and used device-hours, energy where it was measured, and the prices it was reckoned with.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for an unknown currency or grid
 */
export async function getRunCost(
  ctx: Context,
  input: CostAsk & { workspace?: string | undefined; project: string; run: number },
): Promise<RunCost> {
  const { scope, run } = await openRunByNumber(ctx, input, 'cost:read')
  const g = await gatherCost(ctx, scope, [run.experimentId], input, false)
  const items = g.ledger.items.filter(({ runId }) => runId === run.id)
  const stage = g.stages.get(run.experimentId)
  const isOfCheckpoint = g.ends.get(run.experimentId)?.runId === run.id
  const energy = energyOfItems(g, items)
  const physics = stage && flopsOfStage(g, stage, items, isOfCheckpoint ? ownTokens(g, stage.id) : run.tokens)
  return {
    run: run.number,
    segments: segmentsOfItems(g, items, ({ kind }) => kind),
    total: viewTotal(g, sumTallies(items.map(({ cost }) => cost))),
    hours: hoursOf(g, items),
    energy,
    carbon: carbonOf(g, energy),
    mfu: physics?.mfu ?? { state: 'not_available', reason: 'its stage is gone' },
    sources: sourcesOf(items),
    warnings: [...g.warnings],
    pieces: piecesOfItems(g, items, ({ kind }) => kind),
  }
}
