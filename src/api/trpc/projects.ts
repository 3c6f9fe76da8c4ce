import { ProjectChange, ProjectInput } from '#src/protocol/projects.ts'
import { Slug } from '#src/protocol/words.ts'
import { getProject } from '#src/services/projects/get.ts'
import { listProjects } from '#src/services/projects/list.ts'
import { createProject } from '#src/services/projects/put.ts'
import { updateProject } from '#src/services/projects/update.ts'
import { projectProcedure, router, workspaceProcedure } from './procedures.ts'

/** Projects a page shows at once. */
const PROJECTS_SHOWN = 1000

export const projectsRouter = router({
  list: workspaceProcedure('project:read').query(
    async ({ ctx, input }) => (await listProjects(ctx, { ...input, limit: PROJECTS_SHOWN })).items,
  ),
  create: workspaceProcedure('project:create')
    .input(ProjectInput.extend({ slug: Slug }))
    .mutation(({ ctx, input: { slug, ...input } }) => createProject(ctx, { ...input, project: slug })),
  update: projectProcedure('project:create')
    .input(ProjectChange)
    .mutation(({ ctx, input }) => updateProject(ctx, input)),
  get: projectProcedure('project:read').query(({ ctx, input }) => getProject(ctx, input)),
})
