import { insertNote } from '#src/db/queries/notes/insert-note.ts'
import { listNoteTexts, type NoteRow } from '#src/db/queries/notes/read-notes.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import type { Note, NoteInput } from '#src/protocol/notes.ts'
import { actorName } from '#src/services/actor.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant, Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openNote } from './about.ts'
import { viewNote } from './read.ts'

/**
 * Writes the text of a note over the one that was read; earlier texts stay readable, an empty one takes the note away.
 *
 * @throws Refusal `conflict`, with the text as it is now in `current`, when somebody wrote since `revision` was read; `not_found`,
 *   `run_deleted`, `forbidden` for readers and programs
 */
export async function writeNote(
  ctx: Context,
  input: NoteInput & { workspace?: string | undefined; project: string },
): Promise<Note> {
  const { scope, ...at } = await openNote(ctx, input, 'note:write')
  refusePrograms(ctx, 'note:write', 'People write notes, in the browser or with an admin key.')
  const body = input.body.trim()
  const note = await inTransaction(ctx, async (tx) => {
    const [held] = await listNoteTexts(tx.db, scope, { place: at.place, limit: 1 })
    if ((held?.revision ?? 0) !== input.revision) throw writtenMeanwhile(held)
    if (held?.body === body || (!held && body === '')) return held ? viewNote(held) : null
    const { subject } = input.about
    const next = { ...at, subject, revision: input.revision + 1, body, createdBy: actorName(ctx.actor) }
    if (!(await insertNote(tx.db, scope, next))) throw writtenMeanwhile()
    if (at.runId !== null) await updateRun(tx.db, scope, at.runId, { note: body })
    const [row] = await listNoteTexts(tx.db, scope, { place: at.place, limit: 1 })
    invariant(row, 'what was just written is there')
    return viewNote(row)
  })
  tellState(ctx, scope, at.runId)
  return note ?? { revision: 0, body: '', by: null, at: null }
}

const writtenMeanwhile = (held?: NoteRow): Refusal =>
  new Refusal(
    'conflict',
    `${held?.by ?? 'Somebody'} wrote this note since you opened it. Both texts are shown; nothing of yours is lost.`,
    held && { current: viewNote(held) },
  )
