import * as z from 'zod'
import { CompareStagesQuery, ComparisonChange, ComparisonInput, DraftQuery } from '#src/protocol/comparisons.ts'
import { Uid } from '#src/protocol/words.ts'
import { compareStages } from '#src/services/comparisons/compare-stages.ts'
import { createComparison } from '#src/services/comparisons/create.ts'
import { deleteComparison } from '#src/services/comparisons/delete.ts'
import { draftComparison } from '#src/services/comparisons/draft.ts'
import { getComparison } from '#src/services/comparisons/get.ts'
import { listComparisons } from '#src/services/comparisons/list.ts'
import { updateComparison } from '#src/services/comparisons/update.ts'
import { projectProcedure, router, workspaceProcedure } from './procedures.ts'

const One = z.object({ comparison: Uid })

export const comparisonsRouter = router({
  stages: projectProcedure('experiment:read')
    .input(CompareStagesQuery)
    .query(({ ctx, input }) => compareStages(ctx, input)),
  list: workspaceProcedure('experiment:read').query(
    async ({ ctx, input }) => (await listComparisons(ctx, input)).items,
  ),
  get: workspaceProcedure('experiment:read')
    .input(One)
    .query(({ ctx, input }) => getComparison(ctx, input)),
  draft: workspaceProcedure('experiment:read')
    .input(DraftQuery)
    .query(({ ctx, input }) => draftComparison(ctx, input)),
  create: workspaceProcedure('note:write')
    .input(ComparisonInput)
    .mutation(({ ctx, input }) => createComparison(ctx, input)),
  update: workspaceProcedure('note:write')
    .input(One.extend(ComparisonChange.shape))
    .mutation(({ ctx, input }) => updateComparison(ctx, input)),
  delete: workspaceProcedure('note:write')
    .input(One)
    .mutation(({ ctx, input }) => deleteComparison(ctx, input)),
})
