import * as z from 'zod'
import { KeyInput } from '#src/protocol/keys.ts'
import { listKeys } from '#src/services/keys/list.ts'
import { mintKey } from '#src/services/keys/mint.ts'
import { revokeKey } from '#src/services/keys/revoke.ts'
import { router, workspaceProcedure } from './procedures.ts'

export const keysRouter = router({
  list: workspaceProcedure('key:manage-own').query(({ ctx, input }) => listKeys(ctx, input)),
  mint: workspaceProcedure('key:manage-own')
    .input(KeyInput)
    .mutation(({ ctx, input }) => mintKey(ctx, input)),
  revoke: workspaceProcedure('key:manage-own')
    .input(z.object({ id: z.string().regex(/^[A-Za-z0-9]{10}$/, 'must be the ten characters after dsc_…-') }))
    .mutation(({ ctx, input }) => revokeKey(ctx, input)),
})
