/** Notes in Markdown on the wire. */
import * as z from 'zod'
import { NOTE_CHARACTERS_MAX, NOTE_PLACE_CHARACTERS_MAX } from '../core/notes/places.ts'
import { ExperimentName, Instant } from './words.ts'

const Name = z.string().min(1).max(NOTE_PLACE_CHARACTERS_MAX)

/** What a note is about: a run by its number, an experiment by number or slug, a chart or a cell by the name its page gives it. */
export const NoteAbout = z
  .discriminatedUnion('subject', [
    z.object({ subject: z.literal('run'), run: z.coerce.number().int().min(1) }),
    z.object({ subject: z.literal('experiment'), experiment: ExperimentName }),
    z.object({ subject: z.literal('chart'), name: Name }),
    z.object({ subject: z.literal('cell'), name: Name }),
  ])
  .meta({ id: 'NoteAbout' })
export type NoteAbout = z.infer<typeof NoteAbout>

export const Note = z
  .object({
    revision: z.number().int().min(0).meta({ description: '0: nobody wrote one yet' }),
    body: z.string().meta({ description: 'Markdown; empty when there is none or it was taken away' }),
    by: z.string().nullable(),
    at: Instant.nullable(),
  })
  .meta({ id: 'Note' })
export type Note = z.infer<typeof Note>

export const NoteText = z
  .object({
    body: z.string().max(NOTE_CHARACTERS_MAX).meta({ description: 'Markdown; empty takes the note away' }),
    revision: z
      .number()
      .int()
      .min(0)
      .meta({ description: 'of the text that this one replaces; 0 where there was none' }),
  })
  .meta({ id: 'NoteText' })

export const NoteInput = z.object({ about: NoteAbout, ...NoteText.shape }).meta({ id: 'NoteInput' })
export type NoteInput = z.infer<typeof NoteInput>

/** Notes of a project’s charts or cells, for marks where one hangs. */
export const NotesQuery = z.object({ subject: z.enum(['chart', 'cell']) })
export const NotedPlace = z.object({ name: z.string(), body: z.string(), revision: z.number().int(), at: Instant })
export const NotedPlaces = z.object({ items: z.array(NotedPlace) }).meta({ id: 'NotedPlaces' })
export type NotedPlaces = z.infer<typeof NotedPlaces>
