import * as z from 'zod'
import { Uid } from '#src/protocol/words.ts'
import { deleteCheckpoint } from '#src/services/checkpoints/delete.ts'
import { router, workspaceProcedure } from './procedures.ts'

export const checkpointsRouter = router({
  delete: workspaceProcedure('checkpoint:delete')
    .input(z.object({ checkpoint: Uid }))
    .mutation(({ ctx, input }) => deleteCheckpoint(ctx, input)),
})
