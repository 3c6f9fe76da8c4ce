import * as z from 'zod'
import { NoteAbout, NoteInput, NotesQuery } from '#src/protocol/notes.ts'
import { getNote, listNotedPlaces } from '#src/services/notes/read.ts'
import { writeNote } from '#src/services/notes/write.ts'
import { projectProcedure, router } from './procedures.ts'

export const notesRouter = router({
  get: projectProcedure('run:read')
    .input(z.object({ about: NoteAbout }))
    .query(({ ctx, input }) => getNote(ctx, input)),
  places: projectProcedure('run:read')
    .input(NotesQuery)
    .query(({ ctx, input }) => listNotedPlaces(ctx, input)),
  write: projectProcedure('note:write')
    .input(NoteInput)
    .mutation(({ ctx, input }) => writeNote(ctx, input)),
})
