import { listProjectEntries } from '#src/db/queries/cost/entries.ts'
import type { CostStageRow } from '#src/db/queries/cost/list-cost-stages.ts'
import { listCostStageIds, listCostStages } from '#src/db/queries/cost/list-cost-stages.ts'
import { listStored } from '#src/db/queries/cost/list-stored.ts'
import type { STORED_KINDS, StoredCheckpoints } from '#src/protocol/stored-checkpoints.ts'
import type { Context } from '#src/services/context.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { refOfStage } from './stage-bar.ts'

/** Units of an entry that is a price of storage. */
const GB_MONTH = /^gb[ -]?months?$/i

/**
 * What the checkpoints of a project take by stage, adapters apart from whole models, and the price of storage that somebody recorded
 * last.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getStoredCheckpoints(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<StoredCheckpoints> {
  const { scope } = await openProject(ctx, input, 'cost:read')
  const [stages, stored, entries] = await Promise.all([
    listCostStageIds(ctx.db, scope).then((ids) => listCostStages(ctx.db, scope, ids)),
    listStored(ctx.db, scope),
    listProjectEntries(ctx.db, scope),
  ])
  const sizes = new Map(stored.map((row) => [row.experiment_id, row]))
  const priced = entries.findLast(
    (entry) =>
      entry.kind === 'storage' &&
      entry.supersededBy === null &&
      entry.perUnit !== null &&
      GB_MONTH.test(entry.unit ?? ''),
  )
  return {
    stages: stages.flatMap((stage) => {
      const size = sizes.get(stage.id)
      if (!size) return []
      return [
        {
          experiment: refOfStage(stage),
          kind: kindOf(stage),
          checkpoints: size.checkpoints,
          bytes: size.bytes,
          bytes_here: size.bytes_here,
          bytes_shared: size.bytes_shared,
          largest: size.largest,
          unsized: size.unsized,
        },
      ]
    }),
    price:
      priced?.perUnit == null
        ? null
        : { per_gb_month: priced.perUnit, currency: priced.currency, on: priced.onDay, note: priced.note },
  }
}

function kindOf({ rootKind, adapter }: CostStageRow): (typeof STORED_KINDS)[number] {
  if (rootKind === 'external_base' || rootKind === 'api_model') return 'outside'
  if (!adapter) return 'weights'
  return adapter.merged ? 'merged' : 'adapter'
}
