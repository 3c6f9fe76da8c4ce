import type { Project } from '#src/protocol/projects.ts'
import type { Context } from '#src/services/context.ts'
import { addressesOf } from '#src/services/workspaces/addresses.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { viewProject } from './view.ts'

/**
 * A project by its slug, present or former.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getProject(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<Project> {
  const { scope, project } = await openProject(ctx, input, 'project:read')
  return viewProject(project, await addressesOf(ctx, scope))
}
