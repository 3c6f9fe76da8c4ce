import * as z from 'zod'
import { BASELINES } from '#src/protocol/lineage.ts'
import { PageQuery, Uid } from '#src/protocol/words.ts'
import { getChanges } from '#src/services/evaluations/changes.ts'
import { getEvaluation, listEvaluationItems } from '#src/services/evaluations/get.ts'
import { getEvaluationTable } from '#src/services/evaluations/table.ts'
import { projectProcedure, router, workspaceProcedure } from './procedures.ts'

const One = z.object({ evaluation: Uid })

export const evaluationsRouter = router({
  table: projectProcedure('eval:read').query(({ ctx, input }) => getEvaluationTable(ctx, input)),
  get: workspaceProcedure('eval:read')
    .input(One)
    .query(({ ctx, input }) => getEvaluation(ctx, input)),
  items: workspaceProcedure('eval:read')
    .input(PageQuery.extend(One.shape))
    .query(({ ctx, input }) => listEvaluationItems(ctx, input)),
  changes: projectProcedure('eval:read')
    .input(z.object({ checkpoint: Uid, baseline: z.union([z.enum(BASELINES), Uid]).default('parent') }))
    .query(({ ctx, input }) => getChanges(ctx, input)),
})
