import type { EdgeKind } from '#src/core/lineage/edge-kinds.ts'
import { findCheckpoint } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import type { CheckpointRow } from '#src/db/queries/checkpoints/locate-checkpoint.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { ParentInput } from '#src/protocol/experiments.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { projectNamed, projectOf, reachProject } from '#src/services/workspaces/open.ts'
import { experimentNamed } from './open.ts'

/** A parent with its ids inside. */
export interface ResolvedParent {
  parentId: number
  checkpointId: number | null
  kind: EdgeKind
  weight: string | null
  note: string
}

/**
 * Parents by number, slug, project or checkpoint as ids inside, in their order. A parent of another project must be one that the
 * actor reaches.
 *
 * @throws Refusal `not_found` naming the parent, absent and foreign alike; `invalid_request` when checkpoint and experiment do
 *   not belong together
 */
export async function resolveParents(
  ctx: Context,
  scope: ProjectScope,
  parents: readonly ParentInput[],
): Promise<ResolvedParent[]> {
  const resolved: ResolvedParent[] = []
  for (const [i, parent] of parents.entries()) resolved.push(await resolveParent(ctx, scope, parent, `/parents/${i}`))
  return resolved
}

/** One parent; `pointer` says where it stands in the input. */
export async function resolveParent(
  ctx: Context,
  scope: ProjectScope,
  parent: ParentInput,
  pointer: string,
): Promise<ResolvedParent> {
  const checkpoint =
    parent.checkpoint === undefined ? null : await reachCheckpoint(ctx, scope, parent.checkpoint, pointer)
  const parentId = parent.experiment === undefined ? null : await reachExperiment(ctx, scope, parent, pointer)
  if (checkpoint && parentId !== null && checkpoint.experimentId !== parentId)
    throw refuse(
      'invalid_request',
      `${pointer}/checkpoint`,
      `The checkpoint ${parent.checkpoint} is not one of experiment ${parent.experiment}; leave one of the two out.`,
    )
  const id = parentId ?? checkpoint?.experimentId
  if (id === undefined)
    throw refuse('invalid_request', pointer, 'A parent names an experiment or a checkpoint; this one names neither.')
  return {
    parentId: id,
    checkpointId: checkpoint?.id ?? null,
    kind: parent.kind,
    weight: parent.weight === undefined || parent.weight === null ? null : String(parent.weight),
    note: parent.note ?? '',
  }
}

async function reachExperiment(
  ctx: Context,
  scope: ProjectScope,
  parent: ParentInput,
  pointer: string,
): Promise<number> {
  const { experiment, project } = parent
  const home = project === undefined ? await projectOf(ctx, scope) : await projectNamed(ctx, scope, project)
  const there = home && reachProject(ctx, home)
  const found = there && experiment !== undefined ? await experimentNamed(ctx, there, home.slug, experiment) : null
  if (found) return found.id
  const where = project === undefined ? '' : ` of project "${project}"`
  throw refuse(
    'not_found',
    `${pointer}/experiment`,
    `The parent experiment "${experiment}"${where} does not exist, or you may not see it.`,
  )
}

async function reachCheckpoint(
  ctx: Context,
  scope: ProjectScope,
  uid: string,
  pointer: string,
): Promise<CheckpointRow> {
  const found = await findCheckpoint(ctx.db, scope, uid)
  if (found && permissionsIn(ctx.actor, projectScope(found.workspaceId, found.projectId))) return found
  throw refuse('not_found', `${pointer}/checkpoint`, `The checkpoint ${uid} does not exist, or you may not see it.`)
}

const refuse = (code: 'not_found' | 'invalid_request', pointer: string, message: string): Refusal =>
  new Refusal(code, message, { errors: [{ pointer, message }] })
