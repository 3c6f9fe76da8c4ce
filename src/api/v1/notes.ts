import * as z from 'zod'
import { NOTE_PLACE_CHARACTERS_MAX } from '#src/core/notes/places.ts'
import { Note, NotedPlaces, NotesQuery, NoteText } from '#src/protocol/notes.ts'
import { Slug } from '#src/protocol/words.ts'
import { getNote, listNotedPlaces } from '#src/services/notes/read.ts'
import { writeNote } from '#src/services/notes/write.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ProjectParams = z.object({ project: Slug })
const RunParams = ProjectParams.extend({ run: z.coerce.number().int().min(1).meta({ type: 'integer' }) })
const ExperimentParams = ProjectParams.extend({ experiment: z.string().min(1).max(64) })
const PlaceParams = ProjectParams.extend({
  subject: NotesQuery.shape.subject,
  name: z.string().min(1).max(NOTE_PLACE_CHARACTERS_MAX),
})
const NoteAnswer = z.object({ note: Note, earlier: z.array(Note) }).meta({ id: 'NoteWithHistory' })
const READ = 'The note and its earlier texts, the newest first; revision 0 where there is none.'
const WRITTEN = 'The note as it is now.'

export const notesRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/runs/{run}/note',
    summary: 'The note on a run, with its earlier texts',
    tag: 'Notes',
    permission: 'run:read',
    params: RunParams,
    answers: { 200: { description: READ, shape: NoteAnswer } },
    handler: async (ctx, { params: { run, ...place } }) => ({
      status: 200,
      body: await getNote(ctx, { ...place, about: { subject: 'run', run } }),
    }),
  }),
  defineRoute({
    method: 'put',
    path: '/projects/{project}/runs/{run}/note',
    summary: 'Write the note on a run; answered with conflict, and the text as it is, when somebody wrote meanwhile',
    tag: 'Notes',
    permission: 'note:write',
    params: RunParams,
    body: NoteText,
    answers: { 200: { description: WRITTEN, shape: Note } },
    handler: async (ctx, { params: { run, ...place }, body }) => ({
      status: 200,
      body: await writeNote(ctx, { ...place, ...body, about: { subject: 'run', run } }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/note',
    summary: 'The note on an experiment, with its earlier texts',
    tag: 'Notes',
    permission: 'run:read',
    params: ExperimentParams,
    answers: { 200: { description: READ, shape: NoteAnswer } },
    handler: async (ctx, { params: { experiment, ...place } }) => ({
      status: 200,
      body: await getNote(ctx, { ...place, about: { subject: 'experiment', experiment } }),
    }),
  }),
  defineRoute({
    method: 'put',
    path: '/projects/{project}/experiments/{experiment}/note',
    summary: 'Write the note on an experiment; answered with conflict when somebody wrote meanwhile',
    tag: 'Notes',
    permission: 'note:write',
    params: ExperimentParams,
    body: NoteText,
    answers: { 200: { description: WRITTEN, shape: Note } },
    handler: async (ctx, { params: { experiment, ...place }, body }) => ({
      status: 200,
      body: await writeNote(ctx, { ...place, ...body, about: { subject: 'experiment', experiment } }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/notes',
    summary: 'Charts or cells of a project that have a note, with their texts',
    tag: 'Notes',
    permission: 'run:read',
    params: ProjectParams,
    query: NotesQuery,
    answers: { 200: { description: 'The newest first, at most 1,000.', shape: NotedPlaces } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await listNotedPlaces(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/notes/{subject}/{name}',
    summary: 'The note on a chart or a cell, with its earlier texts',
    tag: 'Notes',
    permission: 'run:read',
    params: PlaceParams,
    answers: { 200: { description: READ, shape: NoteAnswer } },
    handler: async (ctx, { params: { subject, name, ...place } }) => ({
      status: 200,
      body: await getNote(ctx, { ...place, about: { subject, name } }),
    }),
  }),
  defineRoute({
    method: 'put',
    path: '/projects/{project}/notes/{subject}/{name}',
    summary: 'Write the note on a chart or a cell; answered with conflict when somebody wrote meanwhile',
    tag: 'Notes',
    permission: 'note:write',
    params: PlaceParams,
    body: NoteText,
    answers: { 200: { description: WRITTEN, shape: Note } },
    handler: async (ctx, { params: { subject, name, ...place }, body }) => ({
      status: 200,
      body: await writeNote(ctx, { ...place, ...body, about: { subject, name } }),
    }),
  }),
]
