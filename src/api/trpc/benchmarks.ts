import * as z from 'zod'
import { BenchmarkChange, ProtocolChange } from '#src/protocol/benchmarks.ts'
import { Sha256, Slug } from '#src/protocol/words.ts'
import { getBenchmark, listBenchmarkSummaries } from '#src/services/evaluations/benchmark-page.ts'
import { editBenchmark } from '#src/services/evaluations/edit-benchmark.ts'
import { editProtocol, getProtocol } from '#src/services/evaluations/protocol-page.ts'
import { router, workspaceProcedure } from './procedures.ts'

const One = z.object({ benchmark: Slug })
const OneProtocol = z.object({ protocol: Sha256 })

export const benchmarksRouter = router({
  list: workspaceProcedure('eval:read').query(({ ctx, input }) => listBenchmarkSummaries(ctx, input)),
  get: workspaceProcedure('eval:read')
    .input(One)
    .query(({ ctx, input }) => getBenchmark(ctx, input)),
  edit: workspaceProcedure('eval:write')
    .input(BenchmarkChange.extend(One.shape))
    .mutation(({ ctx, input }) => editBenchmark(ctx, input)),
  protocol: workspaceProcedure('eval:read')
    .input(OneProtocol)
    .query(({ ctx, input }) => getProtocol(ctx, input)),
  editProtocol: workspaceProcedure('eval:write')
    .input(ProtocolChange.extend(OneProtocol.shape))
    .mutation(({ ctx, input }) => editProtocol(ctx, input)),
})
