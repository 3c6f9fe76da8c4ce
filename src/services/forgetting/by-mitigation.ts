import { listMixtures } from '#src/db/queries/experiments/list-mixtures.ts'
import type { Mitigated } from '#src/protocol/mitigations.ts'
import type { Context } from '#src/services/context.ts'
import { keptAgainstForgetting } from '#src/services/experiments/kept-against-forgetting.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { gatherGraph, startOf } from '#src/services/lineage/gather.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { verdictsOfProject } from './budgets-of-project.ts'

/**
 * Every stage of a project that starts from another: what was done against forgetting there, and what it gained and kept against its start
 * as it was measured. That a tag is there says nothing of its worth.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getMitigated(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<Mitigated> {
  const { scope, project } = await openProject(ctx, input, 'eval:read')
  const graph = await gatherGraph(ctx, scope)
  const rows = graph.experiments.filter((row) => !row.isUnstaged && startOf(graph, row.id) !== null)
  const mixtures = await listMixtures(
    ctx.db,
    scope,
    rows.map((row) => row.id),
  )
  const kept = await keptAgainstForgetting(ctx, scope, rows, mixtures)
  const verdictOf = verdictsOfProject(ctx, graph)
  return {
    stages: rows.map((row) => {
      const { mitigations } = kept(row)
      const { target, retention, drift, counts, cells } = verdictOf(row.id)
      return {
        experiment: refOfRow(row, project.slug),
        by: mitigations.by,
        tags: [...mitigations.tags],
        ...{ target, retention, drift },
        forgot: counts.forgot ?? 0,
        kept: cells.filter((cell) => cell.role !== 'target' && cell.delta !== null).length,
      }
    }),
  }
}
