import type { Permission } from '../../core/roles/permissions.ts'
import { type ExperimentRow, findExperiment } from '../../db/queries/experiments/find-experiment.ts'
import { findAlias } from '../../db/queries/workspaces/find-alias.ts'
import type { ProjectScope } from '../../db/scope.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { type OpenProject, openProject } from '../workspaces/open.ts'

export interface OpenExperiment extends OpenProject {
  readonly experiment: ExperimentRow
}

/**
 * An experiment of a project, by its number or its slug (present or former), once `permission` is shown.
 *
 * @throws Refusal `unauthenticated`, `not_found` (absent and foreign alike), `forbidden`
 */
export async function openExperiment(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; experiment: number | string },
  permission: Permission,
): Promise<OpenExperiment> {
  const open = await openProject(ctx, input, permission)
  const experiment = await experimentNamed(ctx, open.scope, open.project.slug, input.experiment)
  if (!experiment || (ctx.actor.kind === 'job' && ctx.actor.experimentId !== experiment.id))
    throw notFound('This experiment')
  return { ...open, experiment }
}

/** An experiment by number (a string of digits too) or slug, else by a slug that it once had. The scope must be proven. */
export async function experimentNamed(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  name: number | string,
): Promise<ExperimentRow | null> {
  if (typeof name === 'number' || /^\d{1,9}$/.test(name)) return findExperiment(ctx.db, scope, { number: Number(name) })
  const experiment = await findExperiment(ctx.db, scope, { slug: name })
  if (experiment) return experiment
  const id = await findAlias(ctx.db, scope, 'experiment', project, name)
  return id === null ? null : findExperiment(ctx.db, scope, { id })
}
