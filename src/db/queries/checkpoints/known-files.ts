import { and, eq, inArray, isNull } from 'drizzle-orm'
import { artifacts } from '#src/db/schema/artifacts.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Which of these hashes were uploaded as artifacts of the run, with their sizes. */
export async function knownFiles(
  db: Handle,
  scope: ProjectScope,
  runId: number,
  sha256: readonly string[],
): Promise<Map<string, number>> {
  if (sha256.length === 0) return new Map()
  const rows = await db
    .select({ sha256: artifacts.sha256, size: artifacts.sizeBytes })
    .from(artifacts)
    .where(
      and(
        eq(artifacts.workspaceId, scope.workspaceId),
        eq(artifacts.projectId, scope.projectId),
        eq(artifacts.runId, runId),
        isNull(artifacts.deletedAt),
        inArray(artifacts.sha256, [...new Set(sha256)]),
      ),
    )
  return new Map(rows.map((row) => [row.sha256, row.size]))
}
