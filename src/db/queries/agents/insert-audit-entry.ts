import type { Handle } from '#src/db/queries/handle.ts'
import { auditLog } from '#src/db/schema/auth.ts'
import type { Scope } from '#src/db/scope.ts'

/** One line of the audit log, in the transaction of what it tells. */
export async function insertAuditEntry(
  db: Handle,
  scope: Scope,
  entry: {
    actorKind: string
    actorId: string
    requestId: string
    action: string
    resource: string
    detail?: Record<string, unknown>
  },
): Promise<void> {
  await db.insert(auditLog).values({ workspaceId: scope.workspaceId, ...entry })
}
