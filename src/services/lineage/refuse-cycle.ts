import { cyclePath } from '#src/core/lineage/find-cycle.ts'
import { listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { listExperimentEnds } from '#src/db/queries/lineage/list-experiment-ends.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'

/**
 * Refuses an edge that would close a cycle, naming the way. The caller holds the lineage's lock, so that no other edge comes
 * in between; the trigger of `edges` is the second guard.
 *
 * @param pointer of the body's member that names the parent
 * @throws Refusal `conflict`
 */
export async function refuseCycle(
  ctx: Context,
  scope: Scope,
  childId: number,
  parentId: number,
  pointer: string,
): Promise<void> {
  const path = cyclePath(await listAncestorEdges(ctx.db, scope, [parentId]), childId, parentId)
  if (!path) return
  const ends = new Map((await listExperimentEnds(ctx.db, scope, path)).map((end) => [end.id, end]))
  const words = path.map((id) => {
    const end = ends.get(id)
    return end ? `${end.slug} (#${end.number})` : `#${id}`
  })
  const message = `This edge would close a cycle: ${[...words, words[0]].join(' → ')}. An experiment cannot descend from itself; name another parent, or make a new experiment for what comes after.`
  throw new Refusal('conflict', message, { path: words, errors: [{ pointer, message }] })
}
