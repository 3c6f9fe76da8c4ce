import { redact } from '#src/core/runs/redact.ts'
import { sayableName } from '#src/core/runs/run-name.ts'
import type { RunKind } from '#src/core/runs/states.ts'
import { takeNumber } from '#src/db/queries/projects/take-number.ts'
import { insertRun } from '#src/db/queries/runs/insert-run.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { actorName } from '#src/services/actor.ts'
import { authorize } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { newUid } from '#src/services/new-uid.ts'

export interface PlannedRun {
  id: number
  uid: string
  number: number
}

/**
 * Makes a queued run for a job, inside the caller's transaction. The caller tells the metrics store after its commit
 * (`tellWriter` with fence 0, attempt 1, open); a claim tells it again.
 *
 * @throws Refusal `forbidden`
 */
export async function planRun(
  ctx: Context,
  scope: ProjectScope,
  run: { experimentId: number; kind: RunKind; name?: string; config: Record<string, unknown>; seed?: number | null },
): Promise<PlannedRun> {
  authorize(ctx.actor, 'run:write', scope)
  return await inTransaction(ctx, async (tx) => {
    const uid = newUid(ctx)
    const number = await takeNumber(tx.db, scope, 'run')
    const made = await insertRun(tx.db, scope, {
      uid,
      number,
      experimentId: run.experimentId,
      kind: run.kind,
      name: run.name ?? sayableName(uid, number),
      config: redact(run.config) as Record<string, unknown>,
      seed: run.seed ?? null,
      createdBy: actorName(ctx.actor),
    })
    invariant(made, 'a random id is new')
    return { id: made.id, uid, number }
  })
}
