import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { ancestorsByWeight } from '#src/core/lineage/weight-path.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listExperiments } from '#src/db/queries/experiments/list-experiments.ts'
import { listEdges } from '#src/db/queries/lineage/list-edges.ts'
import type { PublishedTable } from '#src/protocol/publish.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { STAGES_MAX } from '#src/services/lineage/gather.ts'
import { openProject } from '#src/services/workspaces/open.ts'

/** A project with the stage at which its chosen model ends. */
export type ChosenModel = Awaited<ReturnType<typeof chooseModel>>

/**
 * The model that an input names by its last stage; without a name the end of the longest path, of equal ones the newest.
 *
 * @throws Refusal `not_found` (also for the stage), `forbidden`
 */
export async function chooseModel(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; model?: number | string | undefined },
) {
  const open = await openProject(ctx, input, 'eval:read')
  const { scope, project } = open
  const [rows, edges] = await Promise.all([
    listExperiments(ctx.db, scope, { limit: STAGES_MAX }),
    listEdges(ctx.db, scope),
  ])
  const weights = edges
    .filter((edge) => isWeightEdge(edge.kind))
    .map(({ child, parent, kind, weight }) => ({ child: child.id, parent: parent.id, kind, weight }))
  const parents = new Set(weights.map((edge) => edge.parent))
  const stages = rows.filter((row) => !row.isUnstaged)
  const leaves = stages.filter((row) => !parents.has(row.id))
  const depth = (row: ExperimentRow) => ancestorsByWeight(weights, row.id).length
  const [longest] = [...leaves].sort((a, b) => depth(b) - depth(a) || b.number - a.number)
  const named =
    input.model === undefined ? (longest ?? null) : await experimentNamed(ctx, scope, project.slug, input.model)
  if (input.model !== undefined && !named) throw notFound(`The stage "${input.model}"`)
  const isLeaf = (row: ExperimentRow) => leaves.includes(row)
  const models: PublishedTable['models'] = [...leaves, ...stages.filter((row) => !isLeaf(row))].map((row) => ({
    ...refOfRow(row, project.slug),
    is_leaf: isLeaf(row),
  }))
  return { scope, project, end: named, leaves, models }
}
