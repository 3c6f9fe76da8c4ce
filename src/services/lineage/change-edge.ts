import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { findExperiment } from '#src/db/queries/experiments/find-experiment.ts'
import { insertEdge } from '#src/db/queries/lineage/insert-edge.ts'
import { type EdgeViewRow, listEdges } from '#src/db/queries/lineage/list-edges.ts'
import { lockLineage } from '#src/db/queries/lineage/lock-lineage.ts'
import { supersedeEdge } from '#src/db/queries/lineage/supersede-edge.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Edge, EdgeChange } from '#src/protocol/experiments.ts'
import { actorName } from '#src/services/actor.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { requireLiveCheckpoint } from '#src/services/checkpoints/require-live.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, invariant, notFound, Refusal } from '#src/services/errors.ts'
import { resolveParent } from '#src/services/experiments/resolve-parents.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { viewEdge } from './edges.ts'
import { refuseCycle } from './refuse-cycle.ts'

interface OfEdge {
  workspace?: string | undefined
  /** Of the child. */
  project: string
  edge: number
}

const PEOPLE =
  'People correct the lineage, in the browser or with an admin key; a program tells its parents when it begins.'

/**
 * Corrects an edge: its kind, parent, checkpoint, weight or note; what is left out stays. Whoever corrects it has looked at it: it is
 * inferred no longer, even where nothing else changes. The old edge stays readable in the database.
 *
 * @throws Refusal `not_found` for an edge that is not there any more, and for a parent or checkpoint that is absent or foreign;
 *   `invalid_request` for a weight outside a merge; `conflict` for a cycle, an edge of this kind that is there already, or a stage that
 *   would have no origin left; `forbidden`
 */
export async function changeEdge(ctx: Context, input: OfEdge & EdgeChange): Promise<Edge> {
  const { scope } = await openProject(ctx, input, 'lineage:link')
  refusePrograms(ctx, 'lineage:link', PEOPLE)
  return inTransaction(ctx, async (tx) => {
    await lockLineage(tx.db, scope)
    const old = await liveEdge(tx, scope, input.edge)
    const next = await corrected(tx, scope, old, input)
    // The old one goes first: a cycle, and an edge that is there already, are judged by what will be.
    await supersedeEdge(tx.db, scope, old.id)
    await refuseCycle(tx, scope, old.child.id, next.parentId, '/parent')
    const twin = (await listEdges(tx.db, scope, { experimentId: old.child.id })).find(
      (edge) => edge.child.id === old.child.id && edge.parent.id === next.parentId && edge.kind === next.kind,
    )
    if (twin)
      throw new Refusal(
        'conflict',
        `${twin.child.slug} (#${twin.child.number}) has an edge of kind ${twin.kind} to ${twin.parent.slug} already. Correct that one, or take this one away.`,
      )
    await requireLiveCheckpoint(tx, scope, next)
    const made = await insertEdge(tx.db, scope, { ...next, childId: old.child.id, createdBy: actorName(tx.actor) })
    await refuseNoOrigin(tx, scope, old)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'lineage.change',
      resource: `edge:${old.id}`,
      detail: { by: made, child: old.child.id, kind: next.kind, was_inferred: old.inferred },
    })
    const [row] = await listEdges(tx.db, scope, { edgeId: made })
    invariant(row, 'an edge that was just written is there')
    return viewEdge(row)
  })
}

/**
 * Takes an edge away: the child does not come from this parent. It stays readable in the database.
 *
 * @throws Refusal `not_found` for an edge that is not there any more; `conflict` for the only origin of a stage; `forbidden`
 */
export async function removeEdge(ctx: Context, input: OfEdge): Promise<void> {
  const { scope } = await openProject(ctx, input, 'lineage:link')
  refusePrograms(ctx, 'lineage:link', PEOPLE)
  await inTransaction(ctx, async (tx) => {
    await lockLineage(tx.db, scope)
    const old = await liveEdge(tx, scope, input.edge)
    await supersedeEdge(tx.db, scope, old.id)
    await refuseNoOrigin(tx, scope, old)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'lineage.remove',
      resource: `edge:${old.id}`,
      detail: { child: old.child.id, parent: old.parent.id, kind: old.kind, was_inferred: old.inferred },
    })
  })
}

/** A live edge whose child lies in the project: who may write there corrects it. */
async function liveEdge(tx: Context, scope: ProjectScope, id: number): Promise<EdgeViewRow> {
  const [edge] = await listEdges(tx.db, scope, { edgeId: id })
  const child = edge && (await findExperiment(tx.db, scope, { id: edge.child.id }))
  if (!edge || !child) throw notFound('This edge of the lineage')
  return edge
}

/** A stage keeps a root, or a parent from which its weights come: the database holds to it at the end of the transaction. */
async function refuseNoOrigin(tx: Context, scope: ProjectScope, { child }: EdgeViewRow): Promise<void> {
  const stage = await findExperiment(tx.db, scope, { id: child.id })
  if (!stage || stage.rootKind !== null || stage.isUnstaged) return
  const edges = await listEdges(tx.db, scope, { experimentId: child.id })
  if (edges.some((edge) => edge.child.id === child.id && isWeightEdge(edge.kind))) return
  throw new Refusal(
    'conflict',
    `${child.slug} (#${child.number}) would have no origin left. Name the parent that it does start from instead, or add that one first.`,
  )
}

async function corrected(tx: Context, scope: ProjectScope, old: EdgeViewRow, input: EdgeChange) {
  const kind = input.kind ?? old.kind
  const weight = input.weight === undefined ? (kind === 'merge' ? old.weight : null) : input.weight
  if (weight !== null && kind !== 'merge')
    throw invalid('/weight', `Only a merge has weights; this edge is of kind ${kind}.`)
  if (input.parent_project !== undefined && input.parent === undefined)
    throw invalid('/parent_project', 'A project without a parent names no stage. Give `parent` too, or neither.')
  const isSameParent = input.parent === undefined && !input.checkpoint
  const parent = isSameParent
    ? { parentId: old.parent.id, checkpointId: input.checkpoint === null ? null : old.checkpoint_id }
    : await resolveParent(
        tx,
        scope,
        {
          experiment: input.parent ?? undefined,
          project: input.parent_project,
          checkpoint: input.checkpoint ?? undefined,
          kind,
        },
        '',
      )
  if (parent.parentId === old.child.id)
    throw new Refusal(
      'conflict',
      `${old.child.slug} (#${old.child.number}) cannot be its own parent; name another one.`,
    )
  const isSaidAgain = parent.parentId === old.parent.id && input.checkpoint === undefined
  return {
    parentId: parent.parentId,
    checkpointId: isSaidAgain ? old.checkpoint_id : parent.checkpointId,
    kind,
    weight: weight === null ? null : String(weight),
    note: input.note ?? old.note,
    inferred: false,
  }
}
