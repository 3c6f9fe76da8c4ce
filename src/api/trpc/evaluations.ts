import * as z from 'zod'
import { BASELINES } from '#src/core/evaluations/baselines.ts'
import { DifferencesQuery } from '#src/protocol/differences.ts'
import { MatrixCellQuery, MatrixItemsQuery, MatrixQuery } from '#src/protocol/matrix.ts'
import { ExperimentName, PageQuery, Uid } from '#src/protocol/words.ts'
import { getChanges } from '#src/services/evaluations/changes.ts'
import { getContamination } from '#src/services/evaluations/contamination.ts'
import { getDifferences } from '#src/services/evaluations/differences.ts'
import { getEvaluation, listEvaluationItems } from '#src/services/evaluations/get.ts'
import { listHistory } from '#src/services/evaluations/history.ts'
import { getMatrix } from '#src/services/evaluations/matrix/get.ts'
import { getMatrixCell } from '#src/services/evaluations/matrix/get-cell.ts'
import { listFlippedItems } from '#src/services/evaluations/matrix/list-flipped-items.ts'
import { getSeedGroups } from '#src/services/evaluations/seeds.ts'
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
  history: workspaceProcedure('eval:read')
    .input(One)
    .query(({ ctx, input }) => listHistory(ctx, input)),
  contamination: workspaceProcedure('eval:read')
    .input(One)
    .query(({ ctx, input }) => getContamination(ctx, input)),
  changes: projectProcedure('eval:read')
    .input(z.object({ checkpoint: Uid, baseline: z.union([z.enum(BASELINES), Uid]).default('parent') }))
    .query(({ ctx, input }) => getChanges(ctx, input)),
  seeds: projectProcedure('eval:read')
    .input(z.object({ experiment: ExperimentName }))
    .query(({ ctx, input }) => getSeedGroups(ctx, input)),
  matrix: projectProcedure('eval:read')
    .input(MatrixQuery)
    .query(({ ctx, input }) => getMatrix(ctx, input)),
  matrixCell: projectProcedure('eval:read')
    .input(MatrixCellQuery)
    .query(({ ctx, input }) => getMatrixCell(ctx, input)),
  differences: projectProcedure('eval:read')
    .input(DifferencesQuery)
    .query(({ ctx, input }) => getDifferences(ctx, input)),
  flippedItems: projectProcedure('eval:read')
    .input(MatrixItemsQuery)
    .query(({ ctx, input }) => listFlippedItems(ctx, input)),
})
