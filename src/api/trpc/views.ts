import { LastView, ViewChange, ViewInput, ViewPlace, ViewsQuery } from '#src/protocol/views.ts'
import { getView, listViews } from '#src/services/views/read.ts'
import { changeView, deleteView, keepLastView, saveView } from '#src/services/views/save.ts'
import { projectProcedure, router } from './procedures.ts'

export const viewsRouter = router({
  list: projectProcedure('run:read')
    .input(ViewsQuery)
    .query(({ ctx, input }) => listViews(ctx, input)),
  get: projectProcedure('run:read')
    .input(ViewPlace)
    .query(({ ctx, input }) => getView(ctx, input)),
  save: projectProcedure('view:keep-own')
    .input(ViewInput)
    .mutation(({ ctx, input }) => saveView(ctx, input)),
  change: projectProcedure('view:keep-own')
    .input(ViewChange.extend(ViewPlace.shape))
    .mutation(({ ctx, input }) => changeView(ctx, input)),
  delete: projectProcedure('view:keep-own')
    .input(ViewPlace)
    .mutation(({ ctx, input }) => deleteView(ctx, input)),
  keepLast: projectProcedure('view:keep-own')
    .input(LastView)
    .mutation(({ ctx, input }) => keepLastView(ctx, input)),
})
