import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import { artifacts, blobs } from '#src/db/schema/artifacts.ts'
import { runs } from '#src/db/schema/runs.ts'
import type { ProjectScope, Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type ArtifactRow = typeof artifacts.$inferSelect

/** Where an artifact belongs, before anything is proven; only `services/artifacts/open.ts` calls it. */
export async function locateArtifact(db: Handle, uid: string): Promise<ArtifactRow | null> {
  const rows = await db.select().from(artifacts).where(eq(artifacts.uid, uid))
  return rows[0] ?? null
}

/** The artifact of a run with this name and content. */
export async function findArtifact(
  db: Handle,
  scope: ProjectScope,
  of: { runId: number; name: string; sha256: string },
): Promise<ArtifactRow | null> {
  const rows = await db
    .select()
    .from(artifacts)
    .where(
      and(
        eq(artifacts.workspaceId, scope.workspaceId),
        eq(artifacts.runId, of.runId),
        eq(artifacts.name, of.name),
        eq(artifacts.sha256, of.sha256),
        isNull(artifacts.deletedAt),
      ),
    )
  return rows[0] ?? null
}

/** True when some artifact of the project has this content: only then may its existence be told to a key of the project. */
export async function isKnownInProject(
  db: Handle,
  scope: ProjectScope,
  sha256: string,
  sizeBytes: number,
): Promise<boolean> {
  const rows = await db
    .select({ id: artifacts.id })
    .from(artifacts)
    .where(
      and(
        eq(artifacts.workspaceId, scope.workspaceId),
        eq(artifacts.projectId, scope.projectId),
        eq(artifacts.sha256, sha256),
        eq(artifacts.sizeBytes, sizeBytes),
        isNull(artifacts.deletedAt),
      ),
    )
    .limit(1)
  return rows.length > 0
}

/**
 * Notes content that lies in the store, and holds its address until the transaction ends. Whoever collects what nobody has does the
 * same, so look after this whether it still lies there.
 */
export async function insertBlob(db: Handle, scope: Scope, sha256: string, sizeBytes: number): Promise<void> {
  await db
    .insert(blobs)
    .values({ workspaceId: scope.workspaceId, sha256, sizeBytes })
    .onConflictDoUpdate({ target: [blobs.workspaceId, blobs.sha256], set: { sizeBytes } })
}

/** Makes an artifact visible; the same name and content of a run is there once. */
export async function insertArtifact(
  db: Handle,
  scope: ProjectScope,
  artifact: Omit<typeof artifacts.$inferInsert, 'id' | 'workspaceId' | 'projectId' | 'createdAt'>,
): Promise<ArtifactRow> {
  const rows = await db
    .insert(artifacts)
    .values({ ...artifact, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .onConflictDoNothing()
    .returning()
  const row = rows[0] ?? (await findArtifact(db, scope, artifact))
  if (!row) throw new Error('an artifact that was just made has gone')
  return row
}

/** Artifacts of a run in the order in which they came. */
export async function listArtifacts(
  db: Handle,
  scope: ProjectScope,
  runId: number,
  page: { limit: number; after?: number | undefined },
) {
  return await db
    .select({ artifact: artifacts, runUid: runs.uid, runNumber: runs.number })
    .from(artifacts)
    .innerJoin(runs, eq(runs.id, artifacts.runId))
    .where(
      and(
        eq(artifacts.workspaceId, scope.workspaceId),
        eq(artifacts.runId, runId),
        isNull(artifacts.deletedAt),
        page.after === undefined ? undefined : gt(artifacts.id, page.after),
      ),
    )
    .orderBy(asc(artifacts.id))
    .limit(page.limit)
}
