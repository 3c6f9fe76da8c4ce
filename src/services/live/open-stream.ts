import { LIVE_RUNS_MAX, readRunRanges } from '../../core/live/run-ranges.ts'
import { findChartRuns } from '../../db/queries/metrics/find-chart-runs.ts'
import { listRunNumbers } from '../../db/queries/runs/list-run-numbers.ts'
import type { ProjectScope } from '../../db/scope.ts'
import type { LiveQuery } from '../../protocol/live.ts'
import type { Context, Services } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { openProject } from '../workspaces/open.ts'

/** What a stream may tell: run id → number, or all runs of the project. */
export interface LiveView {
  readonly scope: ProjectScope
  readonly runs: ReadonlyMap<number, number> | null
}

/**
 * What an actor may hear of a project at this moment. Named runs that are not there, or no longer, are left out as long as one is.
 *
 * @throws Refusal `unauthenticated`, `not_found`, `forbidden` without `metric:read`; `invalid_request` for runs that cannot be read
 */
export async function openLiveView(
  ctx: Context,
  input: LiveQuery & { workspace?: string | undefined },
): Promise<LiveView> {
  const numbers = input.runs === undefined ? null : readRunRanges(input.runs, LIVE_RUNS_MAX)
  if (numbers !== null && !Array.isArray(numbers))
    throw invalid(
      '/query/runs',
      `"${numbers.wrong.slice(0, 40)}" must be the number of a run or a range, the smaller number first, of at most ${LIVE_RUNS_MAX} runs in all. Leave runs out for all of the project.`,
    )
  const { scope } = await openProject(ctx, input, 'metric:read')
  if (numbers === null) return { scope, runs: null }
  const found = await findChartRuns(ctx.db, scope, { numbers, uids: [] })
  if (found.length === 0) throw notFound(numbers.length === 1 ? `Run ${numbers[0]}` : 'None of these runs')
  return { scope, runs: new Map(found.map((run) => [run.id, run.number])) }
}

/** The numbers of runs of a project that an actor was shown. */
export async function numberRuns(
  services: Services,
  scope: ProjectScope,
  ids: readonly number[],
): Promise<Map<number, number>> {
  const found = await listRunNumbers(services.db, scope, [...ids])
  return new Map(found.map((run) => [run.id, run.number]))
}
