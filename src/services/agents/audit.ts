import { insertAuditEntry } from '#src/db/queries/agents/insert-audit-entry.ts'
import type { Scope } from '#src/db/scope.ts'
import { actorName } from '#src/services/actor.ts'
import type { Context } from '#src/services/context.ts'

/**
 * Writes what was done into the audit log; call it inside the transaction of the change.
 *
 * @param action room and verb: `agent.register`, `job.enqueue`
 * @param resource what it was done to: `agent:<uid>`, `job:<uid>`
 */
export function audit(
  ctx: Context,
  scope: Scope,
  action: string,
  resource: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  return insertAuditEntry(ctx.db, scope, {
    actorKind: ctx.actor.kind,
    actorId: actorName(ctx.actor),
    requestId: ctx.requestId,
    action,
    resource,
    detail,
  })
}
