import type { StageGoal, StageKind } from '#src/core/experiments/stage-kinds.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { type BenchmarkRoleRow, listBenchmarkRoles } from '#src/db/queries/experiments/list-benchmark-roles.ts'
import { listExperiments as readExperiments } from '#src/db/queries/experiments/list-experiments.ts'
import { listMixtures } from '#src/db/queries/experiments/list-mixtures.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Experiment } from '#src/protocol/experiments.ts'
import type { Context } from '#src/services/context.ts'
import { addressesOf } from '#src/services/workspaces/addresses.ts'
import { pageOf, readCursor } from '#src/services/workspaces/cursor.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { keptAgainstForgetting } from './kept-against-forgetting.ts'
import { openExperiment } from './open.ts'
import { standingsOf } from './standings.ts'
import { viewExperiment } from './view.ts'

/**
 * An experiment by number or slug.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getExperiment(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; experiment: number | string },
): Promise<Experiment> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'experiment:read')
  const [view] = await viewExperiments(ctx, scope, project.slug, [experiment])
  return view as Experiment
}

export interface ListExperimentsInput {
  workspace?: string | undefined
  project: string
  goal?: StageGoal | undefined
  stage_kind?: StageKind | undefined
  limit?: number
  cursor?: string | undefined
}

/**
 * Experiments of a project by number: all, or those of a goal or a stage kind.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a bad cursor
 */
export async function listExperiments(
  ctx: Context,
  input: ListExperimentsInput,
): Promise<{ items: Experiment[]; next_cursor?: string }> {
  const { scope, project } = await openProject(ctx, input, 'experiment:read')
  const limit = input.limit ?? 100
  const rows = await readExperiments(ctx.db, scope, {
    limit: limit + 1,
    after: readCursor(input.cursor),
    goal: input.goal,
    stageKind: input.stage_kind,
  })
  const views = await viewExperiments(ctx, scope, project.slug, rows)
  return pageOf(
    views,
    limit,
    (view) => view.number,
    (view) => view,
  )
}

/** Rows as every door shows them. */
export async function viewExperiments(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  rows: readonly ExperimentRow[],
): Promise<Experiment[]> {
  const { standings } = await standingsOf(ctx, scope, rows)
  const ids = rows.map((row) => row.id)
  const sources = await listMixtures(ctx.db, scope, ids)
  const mixtures = groupBy(sources, (source) => source.experimentId)
  const kept = await keptAgainstForgetting(ctx, scope, rows, sources)
  const roles = groupBy(await listBenchmarkRoles(ctx.db, scope, ids), (role) => role.experimentId)
  const addresses = await addressesOf(ctx, scope)
  return rows.map((row) => ({
    ...viewExperiment(row, {
      project,
      standing: standings.get(row.id) ?? { state: 'planned', detail: null },
      mixture: mixtures.get(row.id) ?? [],
      kept: kept(row),
      addresses,
    }),
    benchmarks: (roles.get(row.id) ?? []).map(viewBenchmarkRole),
  }))
}

/** As it is put: what was not said is absent. */
const viewBenchmarkRole = ({ benchmark, role, tolerance }: BenchmarkRoleRow) => ({
  benchmark,
  ...(role !== null && { role }),
  ...(tolerance !== null && { tolerance }),
})
