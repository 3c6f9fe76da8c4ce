import { sql } from 'drizzle-orm'
import type { NoteSubject } from '#src/core/notes/places.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface NoteRow extends Record<string, unknown> {
  revision: number
  body: string
  by: string
  at: string
}

/** Texts of one note with the names of who wrote them, the newest first, at most `limit`. */
export async function listNoteTexts(
  db: Handle,
  scope: ProjectScope,
  of: { place: string; limit: number },
): Promise<NoteRow[]> {
  return await db.execute<NoteRow>(sql`
    select n.revision, n.body, n.created_at as at, coalesce(u.name, k.name, n.created_by) as by
    from notes n
    left join users u on n.created_by = 'user:' || u.id
    left join api_keys k on n.created_by = 'key:' || k.id and k.workspace_id = n.workspace_id
    where n.workspace_id = ${scope.workspaceId} and n.project_id = ${scope.projectId} and n.place = ${of.place}
    order by n.revision desc limit ${of.limit}`)
}

export interface NotedPlaceRow extends Record<string, unknown> {
  place: string
  body: string
  revision: number
  at: string
}

/** Places of a project that have a note, with its newest text; at most `limit`, the newest first. */
export async function listNotedPlaces(
  db: Handle,
  scope: ProjectScope,
  of: { subject: NoteSubject; limit: number },
): Promise<NotedPlaceRow[]> {
  return await db.execute<NotedPlaceRow>(sql`
    select place, body, revision, created_at as at from (
      select distinct on (n.place) n.id, n.place, n.body, n.revision, n.created_at
      from notes n
      where n.workspace_id = ${scope.workspaceId} and n.project_id = ${scope.projectId} and n.subject = ${of.subject}
      order by n.place, n.revision desc
    ) newest
    where body <> '' order by id desc limit ${of.limit}`)
}
