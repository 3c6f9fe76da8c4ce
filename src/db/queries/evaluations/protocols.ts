import { and, eq } from 'drizzle-orm'
import { protocols } from '#src/db/schema/evaluations.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type ProtocolRow = typeof protocols.$inferSelect

/** A protocol of the workspace by its fingerprint. */
export async function findProtocol(db: Handle, scope: Scope, fingerprint: string): Promise<ProtocolRow | null> {
  const [row] = await db
    .select()
    .from(protocols)
    .where(and(eq(protocols.workspaceId, scope.workspaceId), eq(protocols.fingerprint, fingerprint)))
  return row ?? null
}

/** Changes what people call a protocol; its fields are what it is, and stay. */
export async function updateProtocolWords(
  db: Handle,
  scope: Scope,
  id: number,
  words: Partial<Pick<ProtocolRow, 'name' | 'note'>>,
): Promise<void> {
  await db
    .update(protocols)
    .set(words)
    .where(and(eq(protocols.workspaceId, scope.workspaceId), eq(protocols.id, id)))
}
