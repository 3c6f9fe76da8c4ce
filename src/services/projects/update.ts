import { slugObjection } from '#src/core/projects/reserved-slugs.ts'
import { findProject, findProjectById } from '#src/db/queries/projects/find-project.ts'
import { lockProject } from '#src/db/queries/projects/lock-project.ts'
import { updateProject as writeProject } from '#src/db/queries/projects/update-project.ts'
import { unmarkRunsToThin } from '#src/db/queries/runs/thinning.ts'
import { carryAliases } from '#src/db/queries/workspaces/keep-alias.ts'
import type { Project, ProjectChange } from '#src/protocol/projects.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { authorize } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, invariant } from '#src/services/errors.ts'
import { addressesOf } from '#src/services/workspaces/addresses.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { orSlugTaken, takeSlug } from '#src/services/workspaces/take-slug.ts'
import { viewProject } from './view.ts'

export interface UpdateProjectInput extends ProjectChange {
  workspace?: string | undefined
  project: string
}

/**
 * Changes what a project is called, says of itself and keeps of old runs; what is left out stays. Its old slug goes on leading to it.
 *
 * @throws Refusal `conflict` for a slug that is or was another project's; `invalid_request` for a reserved one; `not_found`,
 *   `forbidden` (`thin_after_days` needs `run:delete`)
 */
export async function updateProject(ctx: Context, input: UpdateProjectInput): Promise<Project> {
  const { scope, project } = await openProject(ctx, input, 'project:create')
  refusePrograms(ctx, 'project:create', 'People rename projects, in the browser or with an admin key.')
  const { slug, name, description, thin_after_days: thinAfterDays } = input
  // What it lets go does not come back.
  if (thinAfterDays !== undefined) authorize(ctx.actor, 'run:delete', scope)
  const work = inTransaction(ctx, async (tx) => {
    await lockProject(tx.db, scope)
    const held = await findProjectById(tx.db, scope, project.id)
    invariant(held, 'a proven project exists')
    const change = {
      ...(slug !== undefined && slug !== held.slug && { slug }),
      ...(name !== undefined && name !== held.name && { name }),
      ...(description !== undefined && description !== held.description && { description }),
      ...(thinAfterDays !== undefined && thinAfterDays !== held.thinAfterDays && { thinAfterDays }),
    }
    if (Object.keys(change).length === 0) return held
    if (change.slug !== undefined) {
      const objection = slugObjection(change.slug)
      if (objection) throw invalid('/slug', objection)
      const isTaken = (await findProject(tx.db, scope, change.slug)) !== null
      const names = { from: held.slug, to: change.slug, isTaken }
      await takeSlug(tx, scope, { ...names, kind: 'project', project: '', targetId: held.id })
      await carryAliases(tx.db, scope, held.slug, change.slug)
    }
    if (change.thinAfterDays !== undefined) await unmarkRunsToThin(tx.db, scope)
    const changed = await writeProject(tx.db, scope, change)
    invariant(changed, 'a locked project is there')
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'project.update',
      resource: `project:${held.id}`,
      detail: {
        changed: Object.keys(change),
        from: held.slug,
        to: changed.slug,
        ...(change.thinAfterDays !== undefined && { thin_after_days: change.thinAfterDays }),
      },
    })
    return changed
  })
  const row = await orSlugTaken('project', slug, work)
  return viewProject(row, await addressesOf(ctx, scope))
}
