import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface KnownRecord extends Record<string, unknown> {
  record: string
  evaluation: string
  status: 'open' | 'complete'
}

/** Records of a file that evaluations of a checkpoint came from. */
export async function listKnownRecords(
  db: Handle,
  scope: Scope,
  checkpointId: number,
  sha256: string,
): Promise<KnownRecord[]> {
  return await db.execute<KnownRecord>(sql`
    select imported_from->>'record' as record, uid as evaluation, status from evaluations
    where workspace_id = ${scope.workspaceId} and checkpoint_id = ${checkpointId} and imported_from is not null
      and imported_from->>'sha256' = ${sha256}
    order by id`)
}
