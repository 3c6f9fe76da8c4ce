import * as z from 'zod'
import { NearestQuery } from '#src/protocol/provenance.ts'
import { Uid } from '#src/protocol/words.ts'
import { deleteCheckpoint } from '#src/services/checkpoints/delete.ts'
import { getNearestCheckpoint } from '#src/services/checkpoints/nearest.ts'
import { getProvenance } from '#src/services/checkpoints/provenance.ts'
import { projectProcedure, router, workspaceProcedure } from './procedures.ts'

export const checkpointsRouter = router({
  provenance: workspaceProcedure('checkpoint:read')
    .input(z.object({ checkpoint: Uid }))
    .query(({ ctx, input }) => getProvenance(ctx, input)),
  nearest: projectProcedure('checkpoint:read')
    .input(NearestQuery.extend({ run: z.number().int().min(1) }))
    .query(({ ctx, input }) => getNearestCheckpoint(ctx, input)),
  delete: workspaceProcedure('checkpoint:delete')
    .input(z.object({ checkpoint: Uid }))
    .mutation(({ ctx, input }) => deleteCheckpoint(ctx, input)),
})
