import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { authorize } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { projectNamed, projectOf, reachProject } from '#src/services/workspaces/open.ts'

/** The stage to which runs go, in its project. */
export interface MoveTarget {
  scope: ProjectScope
  /** Its present slug. */
  project: string
  experiment: ExperimentRow
}

/**
 * The experiment that a move names, in the runs' own project or, where one is named, another of the workspace, in which the actor must
 * be allowed to write runs as well.
 *
 * @param scope the project of the runs
 * @throws Refusal `not_found` for project and experiment, absent and foreign alike; `forbidden`
 */
export async function openMoveTarget(
  ctx: Context,
  scope: ProjectScope,
  { project, experiment }: { project?: string | undefined; experiment: number | string },
): Promise<MoveTarget> {
  const home = project === undefined ? await projectOf(ctx, scope) : await projectNamed(ctx, scope, project)
  const there = home && reachProject(ctx, home)
  if (!there) throw notFound(`The project "${project}"`)
  authorize(ctx.actor, 'run:write', there)
  const found = await experimentNamed(ctx, there, home.slug, experiment)
  if (!found) throw notFound(`The experiment "${experiment}"${project === undefined ? '' : ` of project "${project}"`}`)
  return { scope: there, project: home.slug, experiment: found }
}
