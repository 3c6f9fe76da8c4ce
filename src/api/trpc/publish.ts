import { CardQuery, PublishQuery } from '#src/protocol/publish.ts'
import { getModelCard } from '#src/services/publish/get-card.ts'
import { getPublishedTable } from '#src/services/publish/get-table.ts'
import { projectProcedure, router } from './procedures.ts'

export const publishRouter = router({
  table: projectProcedure('eval:read')
    .input(PublishQuery)
    .query(({ ctx, input }) => getPublishedTable(ctx, input)),
  card: projectProcedure('eval:read')
    .input(CardQuery)
    .query(({ ctx, input }) => getModelCard(ctx, input)),
})
