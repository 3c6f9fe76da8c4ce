import { createHash } from 'node:crypto'
import type { LineageStart } from '../../core/lineage/start-values.ts'
import { isLineageAxis, type XAxis } from '../../core/metrics/chart-choices.ts'
import { type ChartRun, findChartRuns, findChartRunsAcross } from '../../db/queries/metrics/find-chart-runs.ts'
import { listAttemptStarts } from '../../db/queries/metrics/list-attempt-starts.ts'
import { listMovedRuns } from '../../db/queries/runs/former-numbers.ts'
import type { ProjectScope } from '../../db/scope.ts'
import type { ChartQuery } from '../../protocol/chart.ts'
import type { ChartData } from '../../protocol/chart-body.ts'
import { Uid } from '../../protocol/words.ts'
import { permissionsIn } from '../authorize.ts'
import type { Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { lineageStarts, whyWithoutPlace } from '../lineage/start-values.ts'
import { openProject } from '../workspaces/open.ts'
import { groupRuns } from './group-runs.ts'
import type { ChartedRun, SeriesRequest } from './store.ts'

/** A chart that was asked for, and not read yet. */
export interface OpenChart {
  /** Names all that the answer depends on: equal tags, equal answers. */
  tag: string
  read(): Promise<ChartData>
}

/** Pixels of all lines together that one chart may have: some 40 bytes each while it is drawn, and up to 32 when it is sent. */
const PIXELS_MAX = 2_000_000

/** Grows with each change of what an equal question is answered with. */
const ANSWER_VERSION = 1

/**
 * Lines of metrics of runs of one project, or of several of the workspace. Runs that are gone, or that the actor may not read, are left
 * out, as long as one is there.
 *
 * @throws Refusal `not_found`, `forbidden` (also for cost on the x axis); `invalid_request` for a run that is neither a number nor a uid, for an axis without its
 *   metric, and as `groupRuns`
 */
export const readChart = async (ctx: Context, input: ChartInput): Promise<ChartData> =>
  (await openChart(ctx, input)).read()

export type ChartInput = ChartQuery & { workspace?: string | undefined }

/**
 * As `readChart`, in two steps: the tag is told without reading a block, so that who has the answer already is not sent it again.
 *
 * @throws Refusal as `readChart`
 */
export async function openChart(ctx: Context, input: ChartInput): Promise<OpenChart> {
  refuseQuestion(input)
  const { scope, project } = await openProject(ctx, input, 'metric:read')
  const runs = input.across
    ? await runsAcross(ctx, scope, input.runs)
    : await chartRuns(ctx, scope, project.slug, input.runs)
  const ids = runs.map((run) => run.id)
  const { metrics } = ctx.services
  const [starts, lineage, groups, state] = await Promise.all([
    listAttemptStarts(ctx.db, scope, ids),
    isLineageAxis(input.x) ? lineageStarts(ctx, scope, ids, input.x) : new Map<number, LineageStart>(),
    input.group ? groupRuns(ctx, scope, ids, input.group) : null,
    metrics.chartState(ids),
  ])
  const charted = runs.map(({ id, number, uid, startedAt }): ChartedRun => {
    const start = lineage.get(id)
    const attempts = starts
      .filter((s) => s.runId === id)
      .map(({ attempt, startedAt: at }) => ({ attempt, startedAtMs: ms(at) }))
    return { id, number, uid, startedAtMs: ms(startedAt), attempts, ...(start && { lineage: start }) }
  })
  const leftOut = charted.flatMap(({ number, lineage: start }) => {
    const why = start && isLineageAxis(input.x) ? whyWithoutPlace(start, input.x) : null
    return why === null ? [] : [{ run: number, why }]
  })
  const request: SeriesRequest = {
    workspaceId: scope.workspaceId,
    runs: charted,
    metrics: input.metrics,
    x: input.x,
    px: input.px,
    superseded: input.superseded,
    ...(input.x_metric !== undefined && { xMetric: input.x_metric }),
    ...(input.from !== undefined && { from: input.from }),
    ...(input.to !== undefined && { to: input.to }),
    ...(input.grid && { grid: input.grid }),
    ...(input.smooth && { smooth: input.smooth }),
    ...(groups && input.group && { groups: { list: groups, center: input.group.center, band: input.group.band } }),
  }
  return {
    tag: `"${createHash('sha256')
      .update(JSON.stringify([ANSWER_VERSION, request, starts, leftOut, state]))
      .digest('base64url')
      .slice(0, 27)}"`,
    async read() {
      const [drawn, lastWrite] = await Promise.all([metrics.draw(request), metrics.lastWrite(ids)])
      return {
        x: input.x,
        from: input.from ?? null,
        to: input.to ?? null,
        px: input.px,
        attempts: attemptMarks(runs, starts, input.x),
        ...drawn,
        ...(input.x === 'lineage_cost' && { currency: currencyOf(lineage) }),
        ...(leftOut.length > 0 && { left_out: leftOut }),
        last_write: lastWrite === null ? null : Math.round(lastWrite),
      }
    },
  }
}

/** The currency of an axis of cost; null where no run has a place on it. */
const currencyOf = (starts: ReadonlyMap<number, LineageStart>): string | null =>
  [...starts.values()].flatMap(({ money }) => (money && 'currency' in money ? [money.currency] : []))[0] ?? null

function refuseQuestion({ from, to, x, x_metric, runs, metrics, px }: ChartInput): void {
  const lines = runs.length * metrics.length
  if (lines * px > PIXELS_MAX)
    throw invalid(
      '/px',
      `${runs.length} runs with ${metrics.length} metrics at ${px} px are more than one chart has. Ask for fewer of them, or with px at most ${Math.floor(PIXELS_MAX / lines)}.`,
    )
  if (from !== undefined && to !== undefined && from > to)
    throw invalid('/from', `from (${from}) lies behind to (${to}). Exchange them.`)
  if (x === 'metric' && x_metric === undefined)
    throw invalid('/x_metric', 'The axis "metric" needs x_metric: the key of the metric to draw over.')
}

/** The named runs, in the order in which they were named, each once; those that left the project by the numbers that they had here. */
async function chartRuns(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  names: ChartQuery['runs'],
): Promise<ChartRun[]> {
  const numbers: number[] = []
  const uids: string[] = []
  for (const [i, name] of names.entries()) {
    const uid = typeof name === 'number' ? null : Uid.safeParse(name)
    if (typeof name === 'number') numbers.push(name)
    else if (uid?.success) uids.push(uid.data)
    else throw invalid(`/runs/${i}`, `"${name.slice(0, 80)}" is neither the number nor the uid of a run.`)
  }
  const here = await findChartRuns(ctx.db, scope, { numbers, uids })
  const absent = {
    numbers: numbers.filter((number) => !here.some((run) => run.number === number)),
    uids: uids.filter((uid) => !here.some((run) => run.uid === uid)),
  }
  const moved = (await listMovedRuns(ctx.db, scope, project, absent)).filter(({ projectId }) =>
    permissionsIn(ctx.actor, { ...scope, projectId })?.includes('metric:read'),
  )
  const found = [...here, ...moved]
  if (found.length === 0) throw notFound(names.length === 1 ? `Run ${names[0]}` : 'None of these runs')
  const byName = new Map<number | string, ChartRun>(
    found.flatMap((run) => [[run.number, run] as const, [run.uid, run]]),
  )
  const ordered = names.flatMap((name) => byName.get(typeof name === 'number' ? name : Uid.parse(name)) ?? [])
  return [...new Set(ordered)]
}

/**
 * Runs of any projects by uid, in the order in which they were named, each once and numbered by its place.
 *
 * @throws Refusal `not_found` when none is there that the actor may read; `invalid_request` for a name that is no uid
 */
async function runsAcross(ctx: Context, scope: ProjectScope, names: ChartQuery['runs']): Promise<ChartRun[]> {
  const uids = names.map((name, i) => {
    const uid = Uid.safeParse(name)
    if (!uid.success)
      throw invalid(`/runs/${i}`, `Runs of several projects are named by uid, got ${String(name).slice(0, 80)}.`)
    return uid.data
  })
  const found = await findChartRunsAcross(ctx.db, scope, uids)
  const byUid = new Map(
    found
      .filter(({ projectId }) => permissionsIn(ctx.actor, { ...scope, projectId })?.includes('metric:read'))
      .map((run) => [run.uid, run]),
  )
  const places = new Map(uids.map((uid, i) => [uid, i + 1]))
  const runs = [...places].flatMap(([uid, number]) => {
    const run = byUid.get(uid)
    return run ? [{ id: run.id, number, uid, startedAt: run.startedAt }] : []
  })
  if (runs.length === 0) throw notFound('None of these runs')
  return runs
}

/** Where each attempt begins, by what the control plane knows: over steps and times. */
function attemptMarks(
  runs: readonly ChartRun[],
  starts: Awaited<ReturnType<typeof listAttemptStarts>>,
  x: XAxis,
): ChartData['attempts'] {
  const byId = new Map(runs.map((run) => [run.id, run]))
  return starts.flatMap(({ runId, attempt, firstStep, startedAt }) => {
    const run = byId.get(runId)
    if (!run) return []
    const at = ms(startedAt)
    const origin = ms(run.startedAt)
    const places: Partial<Record<XAxis, number | null>> = {
      step: firstStep,
      time: at,
      relative: at === null || origin === null ? null : at - origin,
    }
    return [{ run: run.number, attempt, first_step: firstStep, x: places[x] ?? null }]
  })
}

/** drizzle hands `timestamptz` over as PostgreSQL writes it: `2026-01-02 03:04:05.678+00`. */
const ms = (at: string | null): number | null =>
  at === null ? null : Date.parse(at.replace(' ', 'T').replace(/\+00$/, 'Z'))
