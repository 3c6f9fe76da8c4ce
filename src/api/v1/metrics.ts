import * as z from 'zod'
import {
  BATCH_BYTES_MAX,
  BatchAnswer,
  BINARY_BATCH_TYPE,
  MetricBatch,
  MetricKey,
  MetricKeyChange,
  MetricSummary,
  StreamClose,
  StreamCursor,
} from '#src/protocol/metrics.ts'
import { Count, Uid } from '#src/protocol/words.ts'
import { closeStream } from '#src/services/metrics/close-stream.ts'
import { ingestMetrics } from '#src/services/metrics/ingest.ts'
import { listStreams } from '#src/services/metrics/list-streams.ts'
import { listSummaries } from '#src/services/metrics/list-summaries.ts'
import { listMetricKeys, setMetricKey } from '#src/services/metrics/metric-keys.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { readBatchHead } from './batch-head.ts'

const RunParams = z.object({ run: Uid })
const Summaries = z.object({ keys: z.array(MetricSummary) }).meta({ id: 'MetricSummaries' })
const Keys = z.object({ items: z.array(MetricKey) }).meta({ id: 'MetricKeys' })
const Streams = z.object({ items: z.array(StreamCursor) }).meta({ id: 'StreamCursors' })
const ClosedStream = z.object({ stream: Uid, last_seq: Count }).meta({ id: 'ClosedStream' })

/** Nothing but this and JSON gets as far as a handler. */
const isBinary = (request: Request): boolean =>
  request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() === BINARY_BATCH_TYPE

/** Metrics and telemetry are one protocol; they differ in what keys and steps mean. */
const ingest = (path: string, summary: string): Route =>
  defineRoute({
    method: 'post',
    path,
    summary,
    tag: 'Metrics',
    permission: 'run:write',
    params: RunParams,
    raw: 'bytes',
    body: MetricBatch,
    contentTypes: [BINARY_BATCH_TYPE],
    bodyLimit: BATCH_BYTES_MAX,
    answers: { 200: { description: 'The batch is durable, now or since an earlier sending.', shape: BatchAnswer } },
    handler: async (ctx, { params, request, bytes }) => ({
      status: 200,
      body: await ingestMetrics(
        ctx,
        readBatchHead(params.run, (name) => request.headers.get(name)),
        await bytes(),
        isBinary(request) ? 'binary' : 'json',
      ),
    }),
  })

export const metricsRoutes: readonly Route[] = [
  ingest(
    '/runs/{run}/metrics',
    'Send a batch of points: {"groups": [{"step": […], "t": […], "m": {"key": […]}}]} or rows, named by X-Stream, X-Seq, X-Attempt and X-Fence; or the same in binary, docs/wire/metrics-v1.md',
  ),
  ingest(
    '/runs/{run}/telemetry',
    'Send a batch of machine telemetry: as metrics, keys begin with system/, steps are ms since the run began',
  ),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/metrics',
    summary: 'The latest of every metric of a run',
    tag: 'Metrics',
    permission: 'metric:read',
    params: RunParams,
    answers: { 200: { description: 'In key order.', shape: Summaries } },
    handler: async (ctx, { params }) => ({ status: 200, body: { keys: await listSummaries(ctx, params) } }),
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/streams',
    summary: 'How far each writing process of a run is',
    tag: 'Metrics',
    permission: 'run:write',
    params: RunParams,
    answers: { 200: { description: 'One cursor per stream.', shape: Streams } },
    handler: async (ctx, { params }) => ({ status: 200, body: { items: await listStreams(ctx, params) } }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/streams/{stream}/close',
    summary: 'End a stream; 409 stream_gap while a batch of it is missing',
    tag: 'Metrics',
    permission: 'run:write',
    params: z.object({ run: Uid, stream: Uid }),
    body: StreamClose,
    answers: { 200: { description: 'All batches up to last_seq are durable.', shape: ClosedStream } },
    handler: async (ctx, { params, body }) => ({
      status: 200,
      body: await closeStream(ctx, { ...params, lastSeq: body.last_seq }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/metric-keys',
    summary: 'Metric keys of the workspace, and which values of each are better',
    tag: 'Metrics',
    permission: 'metric:read',
    answers: { 200: { description: 'In key order.', shape: Keys } },
    handler: async (ctx) => ({ status: 200, body: { items: await listMetricKeys(ctx, {}) } }),
  }),
  defineRoute({
    method: 'put',
    path: '/metric-keys',
    summary: 'Say which values of a metric are better; null: its name tells',
    tag: 'Metrics',
    permission: 'experiment:write',
    body: MetricKeyChange,
    answers: { 200: { description: 'The key as it is now.', shape: MetricKey } },
    handler: async (ctx, { body }) => ({ status: 200, body: await setMetricKey(ctx, body) }),
  }),
]
