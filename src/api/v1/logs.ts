import * as z from 'zod'
import { BATCH_BYTES_MAX, BatchAnswer, LogPage } from '#src/protocol/metrics.ts'
import { Uid } from '#src/protocol/words.ts'
import { ingestConsole } from '#src/services/console/ingest.ts'
import { readConsole } from '#src/services/console/read-console.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { readBatchHead } from './batch-head.ts'

const RunParams = z.object({ run: Uid })
const LogQuery = z.object({
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().meta({ type: 'integer' }),
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000).meta({ type: 'integer' }),
  tail: z.enum(['true', 'false']).default('false'),
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
]
