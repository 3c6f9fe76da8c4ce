import { slugObjection } from '#src/core/projects/reserved-slugs.ts'
import { insertProject } from '#src/db/queries/projects/insert-project.ts'
import { updateProject } from '#src/db/queries/projects/update-project.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Project, ProjectInput } from '#src/protocol/projects.ts'
import { authorize, permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { addressesOf } from '#src/services/workspaces/addresses.ts'
import { openWorkspace, projectNamed, reachProject } from '#src/services/workspaces/open.ts'
import { viewProject } from './view.ts'

export interface PutProjectInput extends ProjectInput {
  workspace?: string | undefined
  project: string
}

/**
 * Makes a project on first use, or answers the one that is there. Whoever may create projects as a person (not an ingest key)
 * changes its name and description by naming them.
 *
 * @throws Refusal `not_found`; `forbidden` (a key that is bound to another project; no `project:create`); `invalid_request` for
 *   a reserved slug
 */
export async function putProject(
  ctx: Context,
  input: PutProjectInput,
): Promise<{ created: boolean; project: Project }> {
  const { scope } = await openWorkspace(ctx, input, 'project:read')
  const addresses = await addressesOf(ctx, scope)
  const existing = await projectNamed(ctx, scope, input.project)
  const place = existing && reachProject(ctx, existing)
  if (existing && place) {
    const { name, description } = input
    const change = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) }
    if (isIngest(ctx) || !mayChange(ctx, scope) || Object.keys(change).length === 0)
      return { created: false, project: viewProject(existing, addresses) }
    const changed = await updateProject(ctx.db, place, change)
    return { created: false, project: viewProject(changed ?? existing, addresses) }
  }
  // A key that is bound to a project gets the same answer whether the other one exists or not.
  if (boundElsewhere(ctx)) throw forbidden()
  authorize(ctx.actor, 'project:create', scope)
  const objection = slugObjection(input.project)
  if (objection) throw invalid('/path/project', objection)
  const made = await insertProject(ctx.db, scope, {
    slug: input.project,
    name: input.name ?? input.project,
    description: input.description ?? '',
    recorded: input.recorded ?? false,
  })
  if (made) return { created: true, project: viewProject(made, addresses) }
  const other = await projectNamed(ctx, scope, input.project)
  if (!other) throw new Refusal('conflict', `The project "${input.project}" was made and removed meanwhile; try again.`)
  return { created: false, project: viewProject(other, addresses) }
}

/**
 * Makes a project; a name that is taken is refused (a form must not open somebody's project).
 *
 * @throws Refusal `conflict`, and as `putProject`
 */
export async function createProject(ctx: Context, input: PutProjectInput): Promise<Project> {
  const { scope } = await openWorkspace(ctx, input, 'project:create')
  const taken = () => new Refusal('conflict', `A project "${input.project}" exists already; choose another name.`)
  if (await projectNamed(ctx, scope, input.project)) throw taken()
  const { created, project } = await putProject(ctx, input)
  if (!created) throw taken()
  return project
}

const isIngest = ({ actor }: Context): boolean => actor.kind === 'apiKey' && actor.scope === 'ingest'

const boundElsewhere = ({ actor }: Context): boolean =>
  actor.kind === 'job' || (actor.kind === 'apiKey' && actor.projectId !== null)

const mayChange = (ctx: Context, scope: Scope): boolean =>
  permissionsIn(ctx.actor, scope)?.includes('project:create') ?? false

const forbidden = (): Refusal =>
  new Refusal(
    'forbidden',
    'This key is bound to another project. Use a key of this project, or one of the workspace.',
    {
      permission: 'project:create',
    },
  )
