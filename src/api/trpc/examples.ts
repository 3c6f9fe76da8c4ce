import { ExampleInput, ExampleName } from '#src/protocol/examples.ts'
import { listExamples } from '#src/services/examples/list.ts'
import { loadExample } from '#src/services/examples/load.ts'
import { router, workspaceProcedure } from './procedures.ts'

export const examplesRouter = router({
  list: workspaceProcedure('project:read').query(async ({ ctx, input }) => (await listExamples(ctx, input)).items),
  load: workspaceProcedure('project:create')
    .input(ExampleInput.extend({ example: ExampleName }))
    .mutation(({ ctx, input }) => loadExample(ctx, input)),
})
