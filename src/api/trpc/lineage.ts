import * as z from 'zod'
import { CapabilityQuery } from '#src/protocol/capability.ts'
import { EdgeChange, EdgeInput } from '#src/protocol/experiments.ts'
import { TargetQuery } from '#src/protocol/target-reached.ts'
import { getBought } from '#src/services/cost/bought.ts'
import { getCapability } from '#src/services/lineage/capability.ts'
import { changeEdge, removeEdge } from '#src/services/lineage/change-edge.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { linkExperiments } from '#src/services/lineage/link.ts'
import { getTargetReached } from '#src/services/lineage/target-reached.ts'
import { projectProcedure, router } from './procedures.ts'

const EdgeNumber = z.number().int().min(1)

export const lineageRouter = router({
  get: projectProcedure('experiment:read').query(({ ctx, input }) => getLineage(ctx, input)),
  capability: projectProcedure('eval:read')
    .input(CapabilityQuery)
    .query(({ ctx, input }) => getCapability(ctx, input)),
  targetReached: projectProcedure('eval:read')
    .input(TargetQuery)
    .query(({ ctx, input }) => getTargetReached(ctx, input)),
  bought: projectProcedure('eval:read').query(({ ctx, input }) => getBought(ctx, input)),
  link: projectProcedure('lineage:link')
    .input(EdgeInput)
    .mutation(async ({ ctx, input }) => (await linkExperiments(ctx, input)).edge),
  changeEdge: projectProcedure('lineage:link')
    .input(EdgeChange.extend({ edge: EdgeNumber }))
    .mutation(({ ctx, input }) => changeEdge(ctx, input)),
  removeEdge: projectProcedure('lineage:link')
    .input(z.object({ edge: EdgeNumber }))
    .mutation(({ ctx, input }) => removeEdge(ctx, input)),
})
