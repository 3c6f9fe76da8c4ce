import { and, eq } from 'drizzle-orm'
import type { ProtocolFields } from '#src/core/evaluations/protocol.ts'
import { protocols } from '#src/db/schema/evaluations.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** The id of a protocol by its fingerprint; made on first use. */
export async function ensureProtocol(
  db: Handle,
  scope: Scope,
  fingerprint: string,
  fields: ProtocolFields,
): Promise<number> {
  await db.insert(protocols).values({ workspaceId: scope.workspaceId, fingerprint, fields }).onConflictDoNothing()
  const [row] = await db
    .select({ id: protocols.id })
    .from(protocols)
    .where(and(eq(protocols.workspaceId, scope.workspaceId), eq(protocols.fingerprint, fingerprint)))
  if (!row) throw new Error('a protocol that was just made has gone')
  return row.id
}
