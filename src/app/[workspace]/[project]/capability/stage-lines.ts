/** What a chart of one run says, laid on the axis of the path: loss, learning rate, tokens and steps, restarts and values that are no number. Pure. */
import type { PathAxis } from '#src/core/lineage/path-axes.ts'
import type { ChartData, ChartLine } from '#src/protocol/chart-body.ts'
import type { StageBand } from './capability-axes.ts'

/** Points over the axis of the path, ascending. */
export interface PathLine {
  x: Float64Array
  y: Float64Array
}

/** Something that happened in a run, at a place of the axis. */
export interface Incident {
  x: number
  /** In words: "Attempt 2 began at step 400". */
  words: string
  kind: 'restart' | 'not_finite'
}

export interface StageLines {
  band: StageBand
  loss: PathLine | null
  /** Of attempts that a later one replaced. */
  superseded: PathLine[]
  rate: PathLine | null
  incidents: Incident[]
  /** What a place of the axis is in steps and in tokens of the path; null where the run does not tell. */
  at: (x: number) => { step: number | null; tokens: number | null }
}

/** A counter over steps, both ascending. */
export interface CounterOverSteps {
  steps: Float64Array
  values: Float64Array
}

const EMPTY: PathLine = { x: new Float64Array(), y: new Float64Array() }

/** The counter of a run over its steps, of buckets the least value, which is that of their first step. */
export function stepsOfCounter(chart: ChartData): CounterOverSteps | null {
  const line = joined(chart.series, true)
  return line.x.length === 0 ? null : { steps: line.x, values: line.y }
}

/** @param counter of the run's tokens over its steps; null where there is none, and on the axis of steps, which needs none */
export function linesOf(
  band: StageBand,
  axis: PathAxis,
  toPath: (x: number) => number,
  chart: ChartData,
  counter: CounterOverSteps | null,
): StageLines {
  const { loss, learning_rate, token_counter } = band.card
  const on = ({ x, y }: PathLine): PathLine => ({ x: x.map(toPath), y })
  const of = (metric: string | null) => chart.series.filter((line) => line.metric === metric && !line.superseded)
  const line = (metric: string | null): PathLine | null => {
    const found = joined(of(metric), metric === token_counter)
    return found.x.length === 0 ? null : on(found)
  }
  const tokens = line(token_counter)
  const begin = band.card.axes.tokens.span?.from ?? null
  const first = counter?.values[0] ?? tokens?.y[0] ?? null
  // A counter that goes on from the stage before holds that stage's tokens already.
  const offset = begin === null || first === null ? null : begin > 0 && first >= begin ? 0 : begin
  const stepAt = (x: number): number | null => {
    if (axis === 'steps') return Math.round(x - (band.card.step_offset ?? 0))
    const own = tokens && valueNear(tokens, x)
    return own === null || own === undefined || !counter ? null : firstReaching(counter, own)
  }
  const superseded = chart.series.filter((one) => one.metric === loss && one.superseded && one.x.length > 0)
  return {
    band,
    loss: line(loss),
    superseded: superseded.map((one) => on({ x: one.x, y: Float64Array.from(one.y) })),
    rate: line(learning_rate),
    incidents: [...restartsOf(chart, toPath, { tokens, counter }), ...brokenValues(of(loss), toPath)],
    at(x) {
      const own = tokens && valueNear(tokens, x)
      return {
        step: stepAt(x),
        tokens: axis === 'tokens' ? x : own === null || offset === null ? null : own + offset,
      }
    },
  }
}

/** All attempts' pieces as one line; `isCounter`: of buckets the least values, which are those of their first points. */
function joined(series: readonly ChartLine[], isCounter: boolean): PathLine {
  const parts = series.filter((line) => line.x.length > 0)
  const values = ({ y, min }: ChartLine) => (isCounter && min ? min : y)
  const [only] = parts
  if (!only) return EMPTY
  if (parts.length === 1) return { x: only.x, y: Float64Array.from(values(only)) }
  return {
    x: Float64Array.from(parts.flatMap((line) => [...line.x])),
    y: Float64Array.from(parts.flatMap((line) => [...values(line)])),
  }
}

/** Where later attempts begin: told by the chart, or found through the counter of tokens. */
function restartsOf(
  chart: ChartData,
  toPath: (x: number) => number,
  by: { tokens: PathLine | null; counter: CounterOverSteps | null },
): Incident[] {
  return chart.attempts.flatMap(({ attempt, first_step, x: told }): Incident[] => {
    if (attempt <= 1) return []
    const words = `Attempt ${attempt} began at step ${first_step.toLocaleString('en-US')}`
    if (told !== null) return [{ x: toPath(told), words, kind: 'restart' }]
    const value = by.counter && valueNear({ x: by.counter.steps, y: by.counter.values }, first_step)
    const i = value === null || !by.tokens ? -1 : by.tokens.y.findIndex((own) => own >= value)
    const x = by.tokens?.x[i]
    return x === undefined ? [] : [{ x, words, kind: 'restart' }]
  })
}

const brokenValues = (series: readonly ChartLine[], toPath: (x: number) => number): Incident[] =>
  series.flatMap((line) =>
    line.non_finite.map(
      ({ x, value }): Incident => ({ x: toPath(x), words: `The loss is ${value} here`, kind: 'not_finite' }),
    ),
  )

/** Index of the last x at or before a value; 0 where all lie behind it. */
export function indexNear(x: Float64Array, value: number): number {
  let low = 0
  let high = x.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((x[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  const before = Math.max(0, low - 1)
  const after = Math.min(x.length - 1, low)
  return Math.abs((x[after] ?? 0) - value) < Math.abs((x[before] ?? 0) - value) ? after : before
}

function valueNear({ x, y }: PathLine, value: number): number | null {
  const found = x.length === 0 ? undefined : y[indexNear(x, value)]
  return found === undefined || !Number.isFinite(found) ? null : found
}

function firstReaching({ steps, values }: CounterOverSteps, value: number): number | null {
  const i = values.findIndex((own) => own >= value)
  return i < 0 ? (steps.at(-1) ?? null) : (steps[i] ?? null)
}

/** What the loss was at a place: the nearest point of its line. Null without one. */
export function readLines(lines: StageLines, x: number): LossReading | null {
  const { loss, rate } = lines
  if (!loss) return null
  const i = indexNear(loss.x, x)
  const at = loss.x[i]
  if (at === undefined) return null
  return { index: i, x: at, loss: loss.y[i] ?? Number.NaN, rate: rate && valueNear(rate, at), ...lines.at(at) }
}

export interface LossReading {
  index: number
  x: number
  loss: number
  rate: number | null
  step: number | null
  tokens: number | null
}
