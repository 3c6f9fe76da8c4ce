import { insertAudit } from '../../db/queries/auth/insert-audit.ts'
import { actorName } from '../actor.ts'
import type { Context } from '../context.ts'

export interface AuditEntry {
  /** Null: of the instance. */
  workspaceId: number | null
  /** A noun and a verb: `key.mint`, `agent.register`. */
  action: string
  /** What it was done to: `key:abc…`, `user:7`. */
  resource: string
  /** Never a secret. */
  detail?: Record<string, unknown>
  addressPrefix?: string | null
}

/** Tells the audit log who did what. Call it with the context of the transaction that does it, so that neither stands alone. */
export async function audit(ctx: Context, entry: AuditEntry): Promise<void> {
  const name = actorName(ctx.actor)
  await insertAudit(ctx.db, {
    workspaceId: entry.workspaceId,
    actorKind: ctx.actor.kind,
    actorId: name.includes(':') ? name.slice(name.indexOf(':') + 1) : null,
    requestId: ctx.requestId,
    addressPrefix: entry.addressPrefix ?? null,
    action: entry.action,
    resource: entry.resource,
    detail: entry.detail ?? {},
  })
}
