import * as z from 'zod'
import {
  BenchmarkChange,
  BenchmarkPage,
  BenchmarkSummary,
  ProtocolChange,
  ProtocolPage,
} from '#src/protocol/benchmarks.ts'
import { Sha256, Slug } from '#src/protocol/words.ts'
import { getBenchmark, listBenchmarkSummaries } from '#src/services/evaluations/benchmark-page.ts'
import { editBenchmark } from '#src/services/evaluations/edit-benchmark.ts'
import { editProtocol, getProtocol } from '#src/services/evaluations/protocol-page.ts'
import { defineRoute, type Route } from '../define-route.ts'

const BenchmarkParams = z.object({ benchmark: Slug })
const ProtocolParams = z.object({ protocol: Sha256 })

export const benchmarksRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/benchmarks',
    summary: 'Benchmarks of the workspace, by category and name',
    tag: 'Benchmarks',
    permission: 'eval:read',
    answers: { 200: { description: 'All of them.', shape: z.object({ items: z.array(BenchmarkSummary) }) } },
    handler: async (ctx) => ({ status: 200, body: await listBenchmarkSummaries(ctx, {}) }),
  }),
  defineRoute({
    method: 'get',
    path: '/benchmarks/{benchmark}',
    summary:
      'A benchmark with its protocols, the checkpoints that were measured, overlaps with training data, and edits',
    tag: 'Benchmarks',
    permission: 'eval:read',
    params: BenchmarkParams,
    answers: { 200: { description: 'The benchmark.', shape: BenchmarkPage } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getBenchmark(ctx, params) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/benchmarks/{benchmark}',
    summary: 'Edit what is said of a benchmark; evaluations stay as they are, the edit is kept. Not for ingest keys',
    tag: 'Benchmarks',
    permission: 'eval:write',
    params: BenchmarkParams,
    body: BenchmarkChange,
    answers: { 200: { description: 'The benchmark as it is now.', shape: BenchmarkPage } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await editBenchmark(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/protocols/{protocol}',
    summary: 'A protocol by its fingerprint: its fields and what was measured by it',
    tag: 'Benchmarks',
    permission: 'eval:read',
    params: ProtocolParams,
    answers: { 200: { description: 'The protocol.', shape: ProtocolPage } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getProtocol(ctx, params) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/protocols/{protocol}',
    summary: 'Name a protocol, or note something about it; its fields stay. Not for ingest keys',
    tag: 'Benchmarks',
    permission: 'eval:write',
    params: ProtocolParams,
    body: ProtocolChange,
    answers: { 200: { description: 'The protocol as it is now.', shape: ProtocolPage } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await editProtocol(ctx, { ...body, ...params }) }),
  }),
]
