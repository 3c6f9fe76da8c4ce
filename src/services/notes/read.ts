import type { NoteSubject } from '#src/core/notes/places.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import { listNoteTexts, type NoteRow, listNotedPlaces as readPlaces } from '#src/db/queries/notes/read-notes.ts'
import type { Note, NoteAbout, NotedPlaces } from '#src/protocol/notes.ts'
import type { Context } from '#src/services/context.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { openNote } from './about.ts'

interface Place {
  workspace?: string | undefined
  project: string
}

/** Texts of a note that are shown. */
const TEXTS_MAX = 100
/** Marks that a page shows. */
const PLACES_MAX = 1_000

/**
 * The note as it stands and its earlier texts, the newest first, at most 100; revision 0 with an empty text where there is none.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getNote(
  ctx: Context,
  input: Place & { about: NoteAbout },
): Promise<{ note: Note; earlier: Note[] }> {
  const { scope, place } = await openNote(ctx, input, 'run:read')
  const rows = await listNoteTexts(ctx.db, scope, { place, limit: TEXTS_MAX })
  const [note = NO_NOTE, ...earlier] = rows.map(viewNote)
  return { note, earlier }
}

/**
 * Charts or cells of a project that have a note, the newest first, at most 1,000; runs and experiments by their ids inside are not
 * told, hence none.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listNotedPlaces(
  ctx: Context,
  input: Place & { subject: Extract<NoteSubject, 'chart' | 'cell'> },
): Promise<NotedPlaces> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const rows = await readPlaces(ctx.db, scope, { subject: input.subject, limit: PLACES_MAX })
  return {
    items: rows.map(({ place, body, revision, at }) => ({
      name: place.slice(input.subject.length + 1),
      body,
      revision,
      at: instantOf(at),
    })),
  }
}

const NO_NOTE: Note = { revision: 0, body: '', by: null, at: null }

/** A text of a note as every door shows it. */
export const viewNote = ({ revision, body, by, at }: NoteRow): Note => ({ revision, body, by, at: instantOf(at) })
