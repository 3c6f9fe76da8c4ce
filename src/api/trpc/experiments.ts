import * as z from 'zod'
import { BASELINES } from '#src/core/evaluations/baselines.ts'
import { PinInput } from '#src/protocol/checkpoints.ts'
import { ExperimentChange, ExperimentInput, ExperimentsQuery } from '#src/protocol/experiments.ts'
import { ExperimentName, Slug } from '#src/protocol/words.ts'
import { pinStageCheckpoint } from '#src/services/checkpoints/pin.ts'
import { listExperiments } from '#src/services/experiments/get.ts'
import { getStagePage } from '#src/services/experiments/page.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { updateExperiment } from '#src/services/experiments/update.ts'
import { projectProcedure, router } from './procedures.ts'

export const experimentsRouter = router({
  page: projectProcedure('experiment:read')
    .input(
      z.object({
        experiment: z.number().int().min(1),
        baseline: z.enum(BASELINES).default('parent'),
        deleted: z.boolean().default(false),
      }),
    )
    .query(({ ctx, input }) => getStagePage(ctx, input)),
  list: projectProcedure('experiment:read')
    .input(ExperimentsQuery)
    .query(({ ctx, input }) => listExperiments(ctx, input)),
  pin: projectProcedure('experiment:write')
    .input(PinInput.extend({ experiment: ExperimentName }))
    .mutation(({ ctx, input }) => pinStageCheckpoint(ctx, input)),
  update: projectProcedure('experiment:write')
    .input(ExperimentChange.extend({ experiment: ExperimentName }))
    .mutation(({ ctx, input }) => updateExperiment(ctx, input)),
  put: projectProcedure('experiment:write')
    .input(ExperimentInput.extend({ slug: Slug }))
    .mutation(async ({ ctx, input }) => (await putExperiment(ctx, input)).experiment),
})
