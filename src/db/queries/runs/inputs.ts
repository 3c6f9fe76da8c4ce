import { and, asc, eq, sql } from 'drizzle-orm'
import { runInputs } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface RunInputRow {
  kind: 'dataset' | 'tokenizer' | 'artifact' | 'checkpoint'
  name: string
  version: string
  sha256: string | null
  role: string | null
}

/** Notes what a run read; the same thing twice is noted once. */
export async function insertRunInputs(
  db: Handle,
  scope: Scope,
  runId: number,
  inputs: readonly RunInputRow[],
): Promise<void> {
  await db
    .insert(runInputs)
    .values(inputs.map((input) => ({ ...input, runId, workspaceId: scope.workspaceId })))
    .onConflictDoUpdate({
      target: [runInputs.runId, runInputs.kind, runInputs.name, runInputs.version],
      set: {
        sha256: sql`coalesce(excluded.sha256, ${runInputs.sha256})`,
        role: sql`coalesce(excluded.role, ${runInputs.role})`,
      },
    })
}

/** What a run read, in the order in which it was noted. */
export async function listRunInputs(db: Handle, scope: Scope, runId: number): Promise<RunInputRow[]> {
  return await db
    .select({
      kind: runInputs.kind,
      name: runInputs.name,
      version: runInputs.version,
      sha256: runInputs.sha256,
      role: runInputs.role,
    })
    .from(runInputs)
    .where(and(eq(runInputs.workspaceId, scope.workspaceId), eq(runInputs.runId, runId)))
    .orderBy(asc(runInputs.id))
}
