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
 * @throws Refusal `conflict`
 */
export async function refuseCycle(ctx: Context, scope: Scope, childId: number, parentId: number): Promise<void> {
  const path = cyclePath(await listAncestorEdges(ctx.db, scope, [parentId]), childId, parentId)
  if (!path) return
  const ends = new Map((await listExperimentEnds(ctx.db, scope, path)).map((end) => [end.id, end]))
  const words = path.map((id) => {
    const end = ends.get(id)
    return end ? `${end.slug} (#${end.number})` : `#${id}`
  })
  throw new Refusal(
    'conflict',
    `This edge would close a cycle: ${[...words, words[0]].join(' → ')}. An experiment cannot descend from itself.`,
    { path: words },
  )
}
