import { setImmediate as nextTurn } from 'node:timers/promises'
import { downsample, EXACT_POINTS_PER_PX, type Line, nonFiniteWord } from '../../core/metrics/downsample.ts'
import { isTelemetryKey } from '../../core/metrics/metric-key.ts'
import { EMPTY_SERIES, type Series, type SeriesBuilder } from '../../core/metrics/series.ts'
import { byMetric, byStep, byTime, cut, type StepJoin } from '../../core/metrics/x-axis.ts'
import type { ChartSeries } from '../../protocol/chart.ts'
import type { RunHead } from './head-cache.ts'
import type { WorkspaceKeys } from './key-dictionary.ts'
import { readSeries, readSuperseded } from './read-series.ts'
import type { SeriesRequest } from './store.ts'

/** The metric whose values are the x axis `tokens`. */
export const TOKENS_KEY = 'tokens'

const NON_FINITE_LISTED_MAX = 1_000
/** A large chart lets other requests through this often. */
const BREATH_MS = 10

type Run = SeriesRequest['runs'][number]

/** The lines of a chart, by run and metric in the order asked for; metrics that a run does not have are left out. */
export async function drawChart(
  request: SeriesRequest,
  heads: ReadonlyMap<number, RunHead>,
  keys: WorkspaceKeys,
): Promise<ChartSeries[]> {
  const metrics = [...new Set(request.metrics)].flatMap((name) => {
    const id = keys.ids.get(name)
    return id === undefined ? [] : [{ id, name }]
  })
  const wanted = new Map(metrics.map(({ id, name }) => [id, isTelemetryKey(name)]))
  const tokensId = request.x === 'tokens' ? keys.ids.get(TOKENS_KEY) : undefined
  if (tokensId !== undefined) wanted.set(tokensId, false)

  const drawn: ChartSeries[] = []
  let breath = performance.now()
  for (const run of request.runs) {
    if (performance.now() - breath > BREATH_MS) {
      await nextTurn()
      breath = performance.now()
    }
    const head = heads.get(run.id)
    if (!head) continue
    const series = readSeries(head, wanted)
    const axis = axisOf(request, run, tokensId === undefined ? undefined : series.get(tokensId))
    for (const { id, name } of metrics) {
      const builder = series.get(id)
      if (builder) drawn.push(draw(request, run, name, null, builder.series(), axis))
    }
    if (!request.superseded) continue
    for (const [attempt, hidden] of readSuperseded(head, wanted)) {
      const hiddenAxis = axisOf(request, run, tokensId === undefined ? undefined : hidden.get(tokensId))
      for (const { id, name } of metrics) {
        const points = hidden.get(id)?.series()
        if (points && points.steps.length > 0) drawn.push(draw(request, run, name, attempt, points, hiddenAxis))
      }
    }
  }
  return drawn
}

/** How a series of this run becomes a line over the asked axis. */
type Axis = (series: Series, join: StepJoin) => Line

function axisOf(request: SeriesRequest, run: Run, tokens: SeriesBuilder | undefined): Axis {
  switch (request.x) {
    case 'step':
      return byStep
    case 'time':
      return (series) => byTime(series, 0)
    case 'relative':
      return (series) => byTime(series, run.startedAtMs ?? earliest(series))
    case 'tokens': {
      const axis = tokens?.series() ?? EMPTY_SERIES
      return (series, join) => byMetric(series, axis, join)
    }
  }
}

const earliest = (series: Series): number => series.times.reduce((a, b) => Math.min(a, b), series.times[0] ?? 0)

function draw(
  { from, to, px }: SeriesRequest,
  run: Run,
  metric: string,
  attempt: number | null,
  series: Series,
  axis: Axis,
): ChartSeries {
  const total = series.steps.length
  let line = cut(axis(series, 'exact'), from, to)
  const isExact = line.x.length <= EXACT_POINTS_PER_PX * px
  // Reduced lines take the axis' last known value, so that a metric logged between two of its points still has a place.
  if (!isExact) line = cut(axis(series, 'lastKnown'), from, to)
  const shape = isExact ? exact(line) : reduced(line, px)
  return {
    run: run.number,
    run_uid: run.uid,
    metric,
    attempt,
    superseded: attempt !== null,
    exact: isExact,
    n: line.x.length,
    n_total: total,
    ...shape,
    ...nonFinite(line),
    last_step: total > 0 ? (series.steps[total - 1] as number) : null,
    last_t: total > 0 ? (series.times[total - 1] as number) : null,
  }
}

const exact = (line: Line) => ({ shown: line.x.length, x: base64(line.x), y: base64(line.y) })

function reduced(line: Line, px: number) {
  const { x, y, min, max } = downsample(line, px)
  return { shown: x.length, x: base64(x), y: base64(y), min: base64(min), max: base64(max) }
}

function nonFinite({ x, y }: Line): Pick<ChartSeries, 'non_finite' | 'non_finite_n'> {
  const listed: ChartSeries['non_finite'] = []
  let n = 0
  for (let i = 0; i < y.length; i++) {
    const value = nonFiniteWord(y[i] as number)
    if (value === null) continue
    if (n++ < NON_FINITE_LISTED_MAX) listed.push({ x: x[i] as number, value })
  }
  return { non_finite: listed, non_finite_n: n }
}

const base64 = (values: Float32Array | Float64Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
