import { visibleSides } from '#src/core/comparisons/visible-sides.ts'
import { listFrozenWithRun } from '#src/db/queries/comparisons/list-frozen-with-run.ts'
import { replaceFrozen } from '#src/db/queries/comparisons/update-comparison.ts'
import type { Scope } from '#src/db/scope.ts'
import { SideBySide } from '#src/protocol/comparisons.ts'
import type { Context } from '#src/services/context.ts'

/**
 * Takes a run that is deleted for good, and its checkpoints, out of the numbers that frozen comparisons keep. Call it in the transaction
 * that deletes it, before its checkpoints go.
 */
export async function forgetRunInComparisons(ctx: Context, scope: Scope, runId: number): Promise<void> {
  for (const { id, frozen, targets } of await listFrozenWithRun(ctx.db, scope, runId)) {
    const kept = Array.isArray(frozen.targets) ? frozen.targets.map(String) : []
    const stays = kept.flatMap((target, i) => (targets.includes(target) ? [] : [i]))
    const sides = visibleSides(SideBySide.parse(frozen.sides), stays)
    await replaceFrozen(ctx.db, scope, id, { sides, targets: stays.map((i) => kept[i]) })
  }
}
