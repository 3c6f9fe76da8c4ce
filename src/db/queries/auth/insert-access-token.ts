import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { accessTokens } from '#src/db/schema/auth.ts'
import type { Scope } from '#src/db/scope.ts'

export type AccessTokenRow = {
  publicId: string
  secretHash: string
  expiresAt: string
} & ({ kind: 'agent'; agentId: number } | { kind: 'job'; jobId: number; attempt: number; fence: number })

/** Stores the hash of a short-lived token of an agent or a job. */
export async function insertAccessToken(
  db: Database | DatabaseTransaction,
  scope: Scope,
  row: AccessTokenRow,
): Promise<void> {
  await db.insert(accessTokens).values({ ...row, workspaceId: scope.workspaceId })
}
