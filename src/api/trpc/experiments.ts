import * as z from 'zod'
import { ExperimentInput, ExperimentsQuery } from '#src/protocol/experiments.ts'
import { BASELINES } from '#src/protocol/lineage.ts'
import { Slug } from '#src/protocol/words.ts'
import { listExperiments } from '#src/services/experiments/get.ts'
import { getStagePage } from '#src/services/experiments/page.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { projectProcedure, router } from './procedures.ts'

export const experimentsRouter = router({
  page: projectProcedure('experiment:read')
    .input(z.object({ experiment: z.number().int().min(1), baseline: z.enum(BASELINES).default('parent') }))
    .query(({ ctx, input }) => getStagePage(ctx, input)),
  list: projectProcedure('experiment:read')
    .input(ExperimentsQuery)
    .query(({ ctx, input }) => listExperiments(ctx, input)),
  put: projectProcedure('experiment:write')
    .input(ExperimentInput.extend({ slug: Slug }))
    .mutation(async ({ ctx, input }) => (await putExperiment(ctx, input)).experiment),
})
