import { EdgeInput } from '#src/protocol/experiments.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { linkExperiments } from '#src/services/lineage/link.ts'
import { projectProcedure, router } from './procedures.ts'

export const lineageRouter = router({
  get: projectProcedure('experiment:read').query(({ ctx, input }) => getLineage(ctx, input)),
  link: projectProcedure('lineage:link')
    .input(EdgeInput)
    .mutation(async ({ ctx, input }) => (await linkExperiments(ctx, input)).edge),
})
