import * as z from 'zod'
import { CardQuery, FreezeInput, PublishQuery } from '#src/protocol/publish.ts'
import { Uid } from '#src/protocol/words.ts'
import { deleteFrozenTable, freezeTable, getFrozenTable, listFrozenTables } from '#src/services/publish/freeze.ts'
import { getModelCard } from '#src/services/publish/get-card.ts'
import { getPublishedTable } from '#src/services/publish/get-table.ts'
import { projectProcedure, router } from './procedures.ts'

const Frozen = z.object({ table: Uid })

export const publishRouter = router({
  table: projectProcedure('eval:read')
    .input(PublishQuery)
    .query(({ ctx, input }) => getPublishedTable(ctx, input)),
  card: projectProcedure('eval:read')
    .input(CardQuery)
    .query(({ ctx, input }) => getModelCard(ctx, input)),
  frozen: projectProcedure('eval:read').query(({ ctx, input }) => listFrozenTables(ctx, input)),
  frozenTable: projectProcedure('eval:read')
    .input(Frozen)
    .query(({ ctx, input }) => getFrozenTable(ctx, input)),
  freeze: projectProcedure('note:write')
    .input(FreezeInput)
    .mutation(({ ctx, input }) => freezeTable(ctx, input)),
  deleteFrozen: projectProcedure('note:write')
    .input(Frozen)
    .mutation(({ ctx, input }) => deleteFrozenTable(ctx, input)),
})
