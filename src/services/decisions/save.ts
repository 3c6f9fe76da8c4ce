import { insertDecision } from '#src/db/queries/decisions/insert-decision.ts'
import { listDecisions } from '#src/db/queries/decisions/list-decisions.ts'
import type { DecisionInput, DecisionView } from '#src/protocol/decisions.ts'
import { actorName } from '#src/services/actor.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant, Refusal } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { viewDecision } from './view.ts'

/**
 * Writes down what was decided about a stage, and why. Earlier decisions stay readable.
 *
 * @throws Refusal `conflict` when somebody decided since `revision` was read; `forbidden` for programs, `not_found`
 */
export async function saveDecision(
  ctx: Context,
  input: DecisionInput & { workspace?: string | undefined; project: string; experiment: number | string },
): Promise<DecisionView> {
  const { scope, experiment } = await openExperiment(ctx, input, 'note:write')
  refusePrograms(ctx, 'note:write', 'People decide about stages, in the browser or with an admin key.')
  const { decision, reason, revision } = input
  return await inTransaction(ctx, async (tx) => {
    const [held] = await listDecisions(tx.db, scope, experiment.id)
    if ((held?.revision ?? 0) !== revision) throw decidedMeanwhile(held?.by, revision)
    const added = await insertDecision(tx.db, scope, {
      experimentId: experiment.id,
      revision: revision + 1,
      decision,
      reason,
      createdBy: actorName(ctx.actor),
    })
    if (!added) throw decidedMeanwhile(undefined, revision)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'experiment.decide',
      resource: `experiment:${experiment.id}`,
      detail: { decision, revision: revision + 1 },
    })
    const [row] = await listDecisions(tx.db, scope, experiment.id)
    invariant(row, 'what was just written is there')
    return viewDecision(row)
  })
}

const decidedMeanwhile = (by: string | undefined, revision: number): Refusal => {
  const message = `${by ?? 'Somebody'} decided since you read revision ${revision}. Read the page again; your text is kept until you send it.`
  return new Refusal('conflict', message, { errors: [{ pointer: '/revision', message }] })
}
