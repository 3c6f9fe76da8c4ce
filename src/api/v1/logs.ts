import * as z from 'zod'
import { BATCH_BYTES_MAX, BatchAnswer, LogMatches, LogPage, LogSearch } from '#src/protocol/metrics.ts'
import { Uid } from '#src/protocol/words.ts'
import { downloadConsole } from '#src/services/console/download-console.ts'
import { ingestConsole } from '#src/services/console/ingest.ts'
import { readConsole } from '#src/services/console/read-console.ts'
import { searchConsole } from '#src/services/console/search-console.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { sendConsole } from '../send-console.ts'
import { readBatchHead } from './batch-head.ts'

const RunParams = z.object({ run: Uid })
const LogQuery = z.object({
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().meta({ type: 'integer' }),
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000).meta({ type: 'integer' }),
  tail: z.enum(['true', 'false']).default('false'),
})

const Yes = z.enum(['true', 'false']).default('false')
const SearchQuery = LogSearch.extend({
  regex: Yes,
  exact: Yes,
  since: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).meta({ type: 'integer' }),
  before: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().meta({ type: 'integer' }),
})

export const logsRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/runs/{run}/logs',
    summary: 'Send a batch of console lines: {"lines": [{"t", "fd", "text"}]}, named by the same headers as metrics',
    tag: 'Console',
    permission: 'run:write',
    params: RunParams,
    raw: 'bytes',
    bodyLimit: BATCH_BYTES_MAX,
    answers: { 200: { description: 'The lines are durable, now or since an earlier sending.', shape: BatchAnswer } },
    handler: async (ctx, { params, request, bytes }) => ({
      status: 200,
      body: await ingestConsole(
        ctx,
        readBatchHead(params.run, (name) => request.headers.get(name)),
        await bytes(),
      ),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/logs',
    summary: 'A page of the console',
    tag: 'Console',
    permission: 'metric:read',
    params: RunParams,
    query: LogQuery,
    answers: { 200: { description: 'Lines, numbered from 0.', shape: LogPage } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await readConsole(ctx, { ...params, ...query, tail: query.tail === 'true' }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/logs/matches',
    summary: 'Lines of the console in which a text stands or a regular expression matches',
    tag: 'Console',
    permission: 'metric:read',
    params: RunParams,
    query: SearchQuery,
    answers: { 200: { description: 'Numbers of lines, from 0; the newest 10,000.', shape: LogMatches } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await searchConsole(ctx, {
        ...params,
        ...query,
        regex: query.regex === 'true',
        exact: query.exact === 'true',
      }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/logs/text',
    summary: 'The whole console as text, as it was printed',
    tag: 'Console',
    permission: 'metric:read',
    params: RunParams,
    answers: { 200: { description: 'Lines as text/plain.' } },
    handler: async (ctx, { params }) => sendConsole(ctx, await downloadConsole(ctx, params)),
  }),
]
