import { ScoreFilesInput } from '#src/protocol/imports.ts'
import { importScoreFiles } from '#src/services/imports/import-score-files.ts'
import { projectProcedure, router } from './procedures.ts'

export const importsRouter = router({
  scores: projectProcedure('eval:write')
    .input(ScoreFilesInput)
    .mutation(({ ctx, input }) => importScoreFiles(ctx, input)),
})
