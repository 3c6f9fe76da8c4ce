import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { findEdge } from '#src/db/queries/lineage/find-edge.ts'
import { insertEdge } from '#src/db/queries/lineage/insert-edge.ts'
import { listEdges } from '#src/db/queries/lineage/list-edges.ts'
import { lockLineage } from '#src/db/queries/lineage/lock-lineage.ts'
import { supersedeEdge } from '#src/db/queries/lineage/supersede-edge.ts'
import type { Edge, EdgeInput } from '#src/protocol/experiments.ts'
import { actorName } from '#src/services/actor.ts'
import { requireLiveCheckpoint } from '#src/services/checkpoints/require-live.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, invariant, notFound, Refusal } from '#src/services/errors.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { resolveParent } from '#src/services/experiments/resolve-parents.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { viewEdge } from './edges.ts'
import { refuseCycle } from './refuse-cycle.ts'

export interface LinkInput extends EdgeInput {
  workspace?: string | undefined
  project: string
}

/**
 * Adds an edge child ← parent. The same edge again is answered as it is; with another checkpoint, weight or note it supersedes
 * the first (an ingest key may only name a checkpoint where none was).
 *
 * @throws Refusal `conflict` for a cycle, naming the way; `not_found` for an end that is absent or foreign; `invalid_request`
 *   for a weight outside a merge; `forbidden`
 */
export async function linkExperiments(ctx: Context, input: LinkInput): Promise<{ created: boolean; edge: Edge }> {
  const { scope, project } = await openProject(ctx, input, 'lineage:link')
  if (input.weight !== undefined && input.weight !== null && input.kind !== 'merge')
    throw invalid('/weight', `Only a merge has weights; this edge is of kind ${input.kind}.`)
  const child = await experimentNamed(ctx, scope, project.slug, input.child)
  if (!child) throw notFound(`The experiment "${input.child}"`)
  const parent = await resolveParent(
    ctx,
    scope,
    {
      experiment: input.parent,
      project: input.parent_project,
      checkpoint: input.checkpoint,
      kind: input.kind,
      weight: input.weight,
      note: input.note,
    },
    '',
  )
  if (parent.parentId === child.id)
    throw selfParent(`${child.slug} (#${child.number}) cannot be its own parent; name another one.`)
  return await inTransaction(ctx, async (tx) => {
    await lockLineage(tx.db, scope)
    const known = await findEdge(tx.db, scope, { childId: child.id, parentId: parent.parentId, kind: parent.kind })
    const isSame =
      known &&
      (parent.checkpointId ?? known.checkpointId) === known.checkpointId &&
      Number(parent.weight ?? known.weight ?? 0) === Number(known.weight ?? 0) &&
      (input.note ?? known.note) === known.note
    let id = known?.id
    if (!isSame) {
      if (known) {
        refuseIngestChange(tx, parent.checkpointId !== null && known.checkpointId === null)
        await supersedeEdge(tx.db, scope, known.id)
      } else {
        refuseForeignChild(tx, child)
        await refuseCycle(tx, scope, child.id, parent.parentId, '/parent')
      }
      await requireLiveCheckpoint(tx, scope, parent)
      id = await insertEdge(tx.db, scope, {
        ...parent,
        // What the call leaves out stays as the edge had it.
        checkpointId: parent.checkpointId ?? known?.checkpointId ?? null,
        weight: parent.weight ?? known?.weight ?? null,
        note: input.note ?? known?.note ?? '',
        childId: child.id,
        createdBy: actorName(tx.actor),
      })
    }
    const [row] = await listEdges(tx.db, scope, { edgeId: id ?? 0 })
    invariant(row, 'an edge that was just written is there')
    return { created: !isSame, edge: viewEdge(row) }
  })
}

const isIngest = ({ actor }: Context): boolean => actor.kind === 'apiKey' && actor.scope === 'ingest'

function refuseIngestChange(ctx: Context, namesCheckpoint: boolean): void {
  if (isIngest(ctx) && !namesCheckpoint)
    throw new Refusal(
      'conflict',
      'This edge is there already with another checkpoint, weight or note; an ingest key does not change it.',
    )
}

/** An ingest key links what it has made itself: what others planned is not given a parent by a training box. */
function refuseForeignChild(ctx: Context, child: ExperimentRow): void {
  if (isIngest(ctx) && child.createdBy !== actorName(ctx.actor))
    throw new Refusal(
      'forbidden',
      `An ingest key links experiments that it made; ${child.slug} (#${child.number}) was made by somebody else. Use an admin key.`,
      { permission: 'lineage:link' },
    )
}

const selfParent = (message: string): Refusal =>
  new Refusal('conflict', message, { errors: [{ pointer: '/parent', message }] })
