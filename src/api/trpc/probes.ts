import * as z from 'zod'
import { ExperimentName } from '#src/protocol/words.ts'
import { getStageProbes } from '#src/services/probes/stage-probes.ts'
import { projectProcedure, router } from './procedures.ts'

export const probesRouter = router({
  stage: projectProcedure('eval:read')
    .input(z.object({ experiment: ExperimentName }))
    .query(({ ctx, input }) => getStageProbes(ctx, input)),
})
