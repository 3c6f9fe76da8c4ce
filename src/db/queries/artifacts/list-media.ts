import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm'
import { artifacts } from '#src/db/schema/artifacts.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** What a run logged under a key beside numbers, by key, step and arrival. */
export async function listMedia(db: Handle, scope: ProjectScope, runId: number, limit: number) {
  return await db
    .select({
      uid: artifacts.uid,
      key: artifacts.key,
      step: artifacts.step,
      type: artifacts.type,
      name: artifacts.name,
      sizeBytes: artifacts.sizeBytes,
    })
    .from(artifacts)
    .where(
      and(
        eq(artifacts.workspaceId, scope.workspaceId),
        eq(artifacts.runId, runId),
        isNull(artifacts.deletedAt),
        isNotNull(artifacts.key),
      ),
    )
    .orderBy(asc(artifacts.key), asc(artifacts.step), asc(artifacts.id))
    .limit(limit)
}
