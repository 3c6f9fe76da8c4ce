/** Where scopes are made: from a place that an input names to a proof that the actor reaches it. */
import type { Permission } from '../../core/roles/permissions.ts'
import { findProject, findProjectById, type ProjectRow } from '../../db/queries/projects/find-project.ts'
import { findAlias } from '../../db/queries/workspaces/find-alias.ts'
import { findWorkspace } from '../../db/queries/workspaces/find-workspace.ts'
import { locateWorkspace, type WorkspaceRow } from '../../db/queries/workspaces/locate-workspace.ts'
import { type ProjectScope, projectScope, type Scope, workspaceScope } from '../../db/scope.ts'
import { authorize, permissionsIn } from '../authorize.ts'
import type { Context } from '../context.ts'
import { invariant, notFound, Refusal } from '../errors.ts'

export interface OpenWorkspace {
  readonly scope: Scope
  readonly workspace: WorkspaceRow
}

export interface OpenProject {
  readonly scope: ProjectScope
  readonly workspace: WorkspaceRow
  readonly project: ProjectRow
}

/**
 * The workspace that the input names (users) or that the key, agent or job belongs to, once `permission` is shown.
 *
 * @throws Refusal `unauthenticated`, `not_found` (absent and foreign alike), `forbidden`
 */
export async function openWorkspace(
  ctx: Context,
  input: { workspace?: string | undefined },
  permission: Permission,
): Promise<OpenWorkspace> {
  const workspace = await reachWorkspace(ctx, input.workspace)
  const scope = workspaceScope(workspace.id)
  authorize(ctx.actor, permission, scope)
  return { scope, workspace }
}

/**
 * The project that the input names by its slug, present or former, once `permission` is shown there.
 *
 * @throws Refusal `unauthenticated`, `not_found` (absent and foreign alike), `forbidden`
 */
export async function openProject(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
  permission: Permission,
): Promise<OpenProject> {
  const workspace = await reachWorkspace(ctx, input.workspace)
  const inside = workspaceScope(workspace.id)
  if (!permissionsIn(ctx.actor, inside)) throw notFound('This project')
  const project = await projectNamed(ctx, inside, input.project)
  if (!project) throw notFound('This project')
  const scope = reachProject(ctx, project)
  if (!scope) throw notFound('This project')
  authorize(ctx.actor, permission, scope)
  return { scope, workspace, project }
}

/** A project by its slug, else by a slug that it once had. The scope must be proven. */
export async function projectNamed(ctx: Context, scope: Scope, slug: string): Promise<ProjectRow | null> {
  const project = await findProject(ctx.db, scope, slug)
  if (project) return project
  const id = await findAlias(ctx.db, scope, 'project', '', slug)
  return id === null ? null : findProjectById(ctx.db, scope, id)
}

/** The scope of a project of a proven workspace; null when the actor may not know of it. */
export function reachProject(ctx: Context, project: Pick<ProjectRow, 'workspaceId' | 'id'>): ProjectScope | null {
  const scope = projectScope(project.workspaceId, project.id)
  return permissionsIn(ctx.actor, scope) ? scope : null
}

/** The project of a proven place. */
export async function projectOf(ctx: Context, scope: ProjectScope): Promise<ProjectRow> {
  const project = await findProjectById(ctx.db, scope, scope.projectId)
  invariant(project, 'a proven project exists')
  return project
}

/** The workspace of a proven place. */
export async function workspaceOf(ctx: Context, scope: Scope): Promise<WorkspaceRow> {
  const { actor } = ctx
  if (actor.kind === 'user') {
    const member = actor.memberships.find((m) => m.workspaceId === scope.workspaceId)
    if (member) return { id: member.workspaceId, slug: member.slug, name: member.name }
  }
  const workspace = await findWorkspace(ctx.db, scope)
  invariant(workspace, 'a proven workspace exists')
  return workspace
}

async function reachWorkspace(ctx: Context, slug: string | undefined): Promise<WorkspaceRow> {
  const { actor } = ctx
  switch (actor.kind) {
    case 'anonymous':
      throw new Refusal('unauthenticated', 'Sign in, or send a key as "Authorization: Bearer …".')
    case 'user':
      return memberWorkspace(ctx, slug)
    case 'operator':
    case 'clock': {
      const workspace = slug === undefined ? null : await locateWorkspace(ctx.db, slug)
      if (!workspace) throw notFound('This workspace')
      return workspace
    }
    default: {
      if (slug !== undefined && slug !== actor.workspaceSlug) throw notFound('This workspace')
      return workspaceOf(ctx, workspaceScope(actor.workspaceId))
    }
  }
}

async function memberWorkspace(ctx: Context, slug: string | undefined): Promise<WorkspaceRow> {
  invariant(ctx.actor.kind === 'user', 'only users are members')
  const { memberships } = ctx.actor
  const named = memberships.find((m) => m.slug === slug)
  if (named) return { id: named.workspaceId, slug: named.slug, name: named.name }
  for (const member of slug === undefined ? [] : memberships) {
    const id = await findAlias(ctx.db, workspaceScope(member.workspaceId), 'workspace', '', slug as string)
    if (id === member.workspaceId) return { id, slug: member.slug, name: member.name }
  }
  throw notFound('This workspace')
}
