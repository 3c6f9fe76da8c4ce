import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { groupBy } from '#src/core/lineage/group-by.ts'
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
  return (await listInputsOfRuns(db, scope, [runId])).get(runId) ?? []
}

/** What runs read, by the run's id, each in the order in which it was noted. */
export async function listInputsOfRuns(
  db: Handle,
  scope: Scope,
  runIds: readonly number[],
): Promise<Map<number, RunInputRow[]>> {
  const rows = await db
    .select({
      runId: runInputs.runId,
      kind: runInputs.kind,
      name: runInputs.name,
      version: runInputs.version,
      sha256: runInputs.sha256,
      role: runInputs.role,
    })
    .from(runInputs)
    .where(and(eq(runInputs.workspaceId, scope.workspaceId), inArray(runInputs.runId, [...runIds])))
    .orderBy(asc(runInputs.id))
  return new Map(
    [...groupBy(rows, (row) => row.runId)].map(([id, mine]) => [id, mine.map(({ runId: _, ...input }) => input)]),
  )
}
