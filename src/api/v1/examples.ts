import * as z from 'zod'
import { ExampleInput, ExampleName, Examples } from '#src/protocol/examples.ts'
import { LineageImported } from '#src/protocol/lineage-file.ts'
import { listExamples } from '#src/services/examples/list.ts'
import { loadExample } from '#src/services/examples/load.ts'
import { defineRoute, type Route } from '../define-route.ts'

const tag = 'Imports'

export const examplesRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/examples',
    summary: 'The built-in example lineages',
    tag,
    permission: 'project:read',
    answers: { 200: { description: 'What they are and how much they hold.', shape: Examples } },
    handler: async (ctx) => ({ status: 200, body: await listExamples(ctx, {}) }),
  }),
  defineRoute({
    method: 'post',
    path: '/examples/{example}',
    summary: 'Load an example lineage into a project of its own; loading it again changes nothing',
    tag,
    permission: 'project:create',
    params: z.object({ example: ExampleName }),
    body: ExampleInput,
    answers: { 200: { description: 'What was made, and what was there.', shape: LineageImported } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await loadExample(ctx, { ...params, ...body }) }),
  }),
]
