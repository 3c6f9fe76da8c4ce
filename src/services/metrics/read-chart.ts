import { type ChartRun, findChartRuns } from '../../db/queries/metrics/find-chart-runs.ts'
import { listAttemptStarts } from '../../db/queries/metrics/list-attempt-starts.ts'
import type { ProjectScope } from '../../db/scope.ts'
import type { ChartAnswer, ChartQuery, XAxis } from '../../protocol/chart.ts'
import { Uid } from '../../protocol/words.ts'
import type { Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { openProject } from '../workspaces/open.ts'

/**
 * Lines of metrics of runs of one project. Runs that are gone are left out, as long as one is there.
 *
 * @throws Refusal `not_found`, `forbidden`; `invalid_request` for a run that is neither a number nor a uid
 */
export async function readChart(
  ctx: Context,
  input: ChartQuery & { workspace?: string | undefined },
): Promise<ChartAnswer> {
  if (input.from !== undefined && input.to !== undefined && input.from > input.to)
    throw invalid('/from', `from (${input.from}) lies behind to (${input.to}). Exchange them.`)
  const { scope } = await openProject(ctx, input, 'metric:read')
  const runs = await chartRuns(ctx, scope, input.runs)
  const { metrics } = ctx.services
  const [series, attempts] = await Promise.all([
    metrics.chart({
      workspaceId: scope.workspaceId,
      runs: runs.map(({ id, number, uid, startedAt }) => ({ id, number, uid, startedAtMs: ms(startedAt) })),
      metrics: input.metrics,
      x: input.x,
      px: input.px,
      superseded: input.superseded,
      ...(input.from !== undefined && { from: input.from }),
      ...(input.to !== undefined && { to: input.to }),
    }),
    attemptMarks(ctx, scope, runs, input.x),
  ])
  return { x: input.x, from: input.from ?? null, to: input.to ?? null, px: input.px, attempts, series }
}

/** The named runs, in the order in which they were named, each once. */
async function chartRuns(ctx: Context, scope: ProjectScope, names: ChartQuery['runs']): Promise<ChartRun[]> {
  const numbers: number[] = []
  const uids: string[] = []
  for (const [i, name] of names.entries()) {
    const uid = typeof name === 'number' ? null : Uid.safeParse(name)
    if (typeof name === 'number') numbers.push(name)
    else if (uid?.success) uids.push(uid.data)
    else throw invalid(`/runs/${i}`, `"${name.slice(0, 80)}" is neither the number nor the uid of a run.`)
  }
  const found = await findChartRuns(ctx.db, scope, { numbers, uids })
  if (found.length === 0) throw notFound(names.length === 1 ? `Run ${names[0]}` : 'None of these runs')
  const byName = new Map<number | string, ChartRun>(
    found.flatMap((run) => [[run.number, run] as const, [run.uid, run]]),
  )
  const ordered = names.flatMap((name) => byName.get(typeof name === 'number' ? name : Uid.parse(name)) ?? [])
  return [...new Set(ordered)]
}

/** Where each attempt begins. Over tokens the place is not known, since a resume repeats some. */
async function attemptMarks(
  ctx: Context,
  scope: ProjectScope,
  runs: readonly ChartRun[],
  x: XAxis,
): Promise<ChartAnswer['attempts']> {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const starts = await listAttemptStarts(ctx.db, scope, [...byId.keys()])
  return starts.flatMap(({ runId, attempt, firstStep, startedAt }) => {
    const run = byId.get(runId)
    if (!run) return []
    const at = ms(startedAt)
    const origin = ms(run.startedAt)
    const place = {
      step: firstStep,
      time: at,
      relative: at === null || origin === null ? null : at - origin,
      tokens: null,
    }[x]
    return [{ run: run.number, attempt, first_step: firstStep, x: place }]
  })
}

/** drizzle hands `timestamptz` over as PostgreSQL writes it: `2026-01-02 03:04:05.678+00`. */
const ms = (at: string | null): number | null =>
  at === null ? null : Date.parse(at.replace(' ', 'T').replace(/\+00$/, 'Z'))
