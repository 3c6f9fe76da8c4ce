import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** The evaluation of a checkpoint that came from this record of a file; null when it is not here. */
export async function findImported(
  db: Handle,
  scope: Scope,
  checkpointId: number,
  from: { sha256: string; record: string },
): Promise<number | null> {
  const [row] = await db.execute<{ id: number }>(sql`
    select id from evaluations
    where workspace_id = ${scope.workspaceId} and checkpoint_id = ${checkpointId} and imported_from is not null
      and imported_from->>'sha256' = ${from.sha256} and imported_from->>'record' = ${from.record}`)
  return row?.id ?? null
}
