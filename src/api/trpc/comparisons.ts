import { CompareStagesQuery } from '#src/protocol/comparisons.ts'
import { compareStages } from '#src/services/comparisons/compare-stages.ts'
import { projectProcedure, router } from './procedures.ts'

export const comparisonsRouter = router({
  stages: projectProcedure('experiment:read')
    .input(CompareStagesQuery)
    .query(({ ctx, input }) => compareStages(ctx, input)),
})
