import * as z from 'zod'
import { THIN_DAYS_MAX, THIN_DAYS_MIN } from '#src/core/runs/retention.ts'
import { getProjectStorage, getWorkspaceStorage, previewThinning } from '#src/services/projects/storage-use.ts'
import { projectProcedure, router, workspaceProcedure } from './procedures.ts'

export const storageRouter = router({
  workspace: workspaceProcedure('run:read').query(({ ctx, input }) => getWorkspaceStorage(ctx, input)),
  project: projectProcedure('run:read').query(({ ctx, input }) => getProjectStorage(ctx, input)),
  previewThinning: projectProcedure('run:read')
    .input(z.object({ days: z.number().int().min(THIN_DAYS_MIN).max(THIN_DAYS_MAX) }))
    .query(({ ctx, input }) => previewThinning(ctx, input)),
})
