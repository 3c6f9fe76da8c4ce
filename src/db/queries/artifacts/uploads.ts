import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm'
import { uploadParts, uploads } from '#src/db/schema/artifacts.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type UploadRow = typeof uploads.$inferSelect

/** Where an upload belongs, before anything is proven; only `services/artifacts/open.ts` calls it. */
export async function locateUpload(db: Handle, uid: string): Promise<UploadRow | null> {
  const rows = await db.select().from(uploads).where(eq(uploads.uid, uid))
  return rows[0] ?? null
}

/** An unfinished upload of the same content under the same name, to go on with. */
export async function findOpenUpload(
  db: Handle,
  scope: ProjectScope,
  of: { runId: number; name: string; sha256: string; sizeBytes: number },
): Promise<UploadRow | null> {
  const rows = await db
    .select()
    .from(uploads)
    .where(
      and(
        eq(uploads.workspaceId, scope.workspaceId),
        eq(uploads.runId, of.runId),
        eq(uploads.name, of.name),
        eq(uploads.sha256, of.sha256),
        eq(uploads.sizeBytes, of.sizeBytes),
        isNull(uploads.completedAt),
      ),
    )
    .limit(1)
  return rows[0] ?? null
}

/** Begins an upload. */
export async function insertUpload(
  db: Handle,
  scope: ProjectScope,
  upload: Omit<typeof uploads.$inferInsert, 'id' | 'workspaceId' | 'projectId' | 'createdAt'>,
): Promise<UploadRow> {
  const [row] = await db
    .insert(uploads)
    .values({ ...upload, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .returning()
  if (!row) throw new Error('an insert that returned no row')
  return row
}

/** Notes a part that lies on disk. */
export async function savePart(
  db: Handle,
  _scope: ProjectScope,
  part: { uploadId: number; n: number; sizeBytes: number; sha256: string },
): Promise<void> {
  await db
    .insert(uploadParts)
    .values(part)
    .onConflictDoUpdate({
      target: [uploadParts.uploadId, uploadParts.n],
      set: { sizeBytes: part.sizeBytes, sha256: part.sha256 },
    })
}

/** Forgets a part: what came was not what was announced. */
export async function deletePart(db: Handle, _scope: ProjectScope, uploadId: number, n: number): Promise<void> {
  await db.delete(uploadParts).where(and(eq(uploadParts.uploadId, uploadId), eq(uploadParts.n, n)))
}

/** The durable parts of an upload by number. */
export async function listParts(db: Handle, _scope: ProjectScope, uploadId: number) {
  return await db
    .select({ n: uploadParts.n, size: uploadParts.sizeBytes })
    .from(uploadParts)
    .where(eq(uploadParts.uploadId, uploadId))
    .orderBy(asc(uploadParts.n))
}

/** Closes an upload. */
export async function completeUploadRow(db: Handle, scope: ProjectScope, id: number): Promise<void> {
  await db
    .update(uploads)
    .set({ completedAt: sql`now()` })
    .where(and(eq(uploads.workspaceId, scope.workspaceId), eq(uploads.id, id)))
}

/** Removes an upload with its parts. */
export async function deleteUpload(db: Handle, scope: ProjectScope, id: number): Promise<void> {
  await db.delete(uploads).where(and(eq(uploads.workspaceId, scope.workspaceId), eq(uploads.id, id)))
}

/** Removes uploads that began before a time, finished or not, and answers the ids of their staging folders; for the clock. */
export async function deleteOldUploads(db: Handle, before: string): Promise<string[]> {
  const rows = await db.delete(uploads).where(lt(uploads.createdAt, before)).returning({ uid: uploads.uid })
  return rows.map((row) => row.uid)
}
