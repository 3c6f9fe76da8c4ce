import * as z from 'zod'
import { BestCheckpointQuery } from '#src/protocol/best-checkpoint.ts'
import { GateOverrideInput, StageBudgetInput } from '#src/protocol/forgetting.ts'
import { ExperimentName, Slug } from '#src/protocol/words.ts'
import { getBestAncestor } from '#src/services/forgetting/best-ancestor.ts'
import { getBestCheckpoint } from '#src/services/forgetting/best-checkpoint.ts'
import { getMitigated } from '#src/services/forgetting/by-mitigation.ts'
import { getLineageForgetting } from '#src/services/forgetting/lineage.ts'
import { overrideGate } from '#src/services/forgetting/override-gate.ts'
import { setStageBudget } from '#src/services/forgetting/set-budget.ts'
import { getTriangle } from '#src/services/forgetting/triangle.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { projectProcedure, router } from './procedures.ts'

const Stage = z.object({ experiment: ExperimentName })

export const forgettingRouter = router({
  stage: projectProcedure('eval:read')
    .input(Stage)
    .query(({ ctx, input }) => getStageVerdict(ctx, input)),
  lineage: projectProcedure('eval:read')
    .input(Stage)
    .query(({ ctx, input }) => getLineageForgetting(ctx, input)),
  mitigated: projectProcedure('eval:read').query(({ ctx, input }) => getMitigated(ctx, input)),
  triangle: projectProcedure('eval:read')
    .input(Stage)
    .query(({ ctx, input }) => getTriangle(ctx, input)),
  bestAncestor: projectProcedure('eval:read')
    .input(Stage.extend({ benchmark: Slug }))
    .query(({ ctx, input }) => getBestAncestor(ctx, input)),
  bestCheckpoint: projectProcedure('eval:read')
    .input(BestCheckpointQuery.extend(Stage.shape))
    .query(({ ctx, input }) => getBestCheckpoint(ctx, input)),
  setBudget: projectProcedure('experiment:write')
    .input(StageBudgetInput.extend(Stage.shape))
    .mutation(({ ctx, input }) => setStageBudget(ctx, input)),
  overrideGate: projectProcedure('experiment:write')
    .input(GateOverrideInput.extend(Stage.shape))
    .mutation(({ ctx, input }) => overrideGate(ctx, input)),
})
