import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { auditLog } from '#src/db/schema/auth.ts'

export interface AuditRow {
  workspaceId: number | null
  actorKind: string
  actorId: string | null
  requestId: string | null
  addressPrefix?: string | null
  /** A noun and a verb: `key.mint`, `session.revoke`. */
  action: string
  /** What it was done to: `key:abc…`, `user:7`. */
  resource: string
  detail: Record<string, unknown>
}

/** Appends to the audit log, in the transaction of what it tells. */
export async function insertAudit(db: Database | DatabaseTransaction, row: AuditRow): Promise<void> {
  await db.insert(auditLog).values(row)
}
