/** From a matrix of stages to one line per benchmark over a path, with its forks as branches. Pure. */
import { normalise } from '#src/core/forgetting/normalise.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import type { MatrixStage } from '#src/protocol/matrix.ts'
import type { MatrixCell, MatrixModel } from '#src/ui/matrix/matrix-model.ts'

export const SLOPE_SCALES = ['normalised', 'raw'] as const
export type SlopeScale = (typeof SLOPE_SCALES)[number]

/** A stage across the chart. Siblings of a stop stand beside it. */
export interface SlopeStop {
  column: number
  number: number
  name: string
  /** Places from the root. */
  place: number
  isBranch: boolean
}

export interface SlopeDot {
  stop: SlopeStop
  cell: MatrixCell
  value: number
  low: number | null
  high: number | null
}

/** From the dot before it along the weights; `to` may be a branch. */
export interface SlopeJoin {
  from: SlopeDot
  to: SlopeDot
}

export interface SlopeLine {
  row: number
  benchmark: Benchmark
  /** By the stop's place, the path first. */
  dots: SlopeDot[]
  joins: SlopeJoin[]
  /** Pairs that are not joined, with why. */
  breaks: { after: SlopeStop; why: string }[]
  /** Every stop of the path has a dot. */
  isWhole: boolean
}

export interface Slope {
  stops: SlopeStop[]
  lines: SlopeLine[]
  /** Benchmarks without a line, with why. */
  leftOut: { name: string; why: string }[]
}

/**
 * Lines of the benchmarks on a path and on the siblings beside it. Stages that follow each other are joined where both were measured
 * under one protocol; nothing is drawn across a stage that was not measured.
 *
 * @param onlyWhole leave out benchmarks that a stage of the path lacks
 */
export function prepareSlope(
  model: MatrixModel,
  stages: readonly MatrixStage[],
  { scale, onlyWhole }: { scale: SlopeScale; onlyWhole: boolean },
): Slope {
  const stops = stopsOf(model, stages)
  const slope: Slope = { stops, lines: [], leftOut: [] }
  for (const [row, { benchmark, slice }] of model.rows.entries()) {
    if (slice) continue
    const why = scale === 'normalised' ? whyNotNormalised(benchmark) : null
    const dots = stops.flatMap((stop) => {
      const cell = model.cellAt(row, stop.column)
      return cell ? [dotOf(stop, cell, benchmark, why === null ? scale : 'raw')] : []
    })
    const onPath = dots.filter(({ stop }) => !stop.isBranch)
    const missing = stops.filter((stop) => !stop.isBranch && !onPath.some((dot) => dot.stop === stop))
    if (dots.length === 0) continue
    if (why !== null) slope.leftOut.push({ name: benchmark.name, why })
    else if (dots.length < 2) slope.leftOut.push({ name: benchmark.name, why: `only ${dots[0]?.stop.name} has it` })
    else if (onlyWhole && missing.length > 0)
      slope.leftOut.push({ name: benchmark.name, why: `${missing.map(({ name }) => name).join(', ')} without it` })
    else slope.lines.push(lineOf(row, benchmark, dots, stages, missing.length === 0))
  }
  return slope
}

/** Stages of the path in their order, then siblings at the place of the stop that they stand beside. Variants are no stages. */
function stopsOf(model: MatrixModel, stages: readonly MatrixStage[]): SlopeStop[] {
  const parents = new Map(stages.map(({ number, parent }) => [number, parent]))
  const path: SlopeStop[] = []
  const branches: SlopeStop[] = []
  for (const [column, head] of model.columns.entries()) {
    if (!head?.checkpoint || head.variant !== '') continue
    const { number, name } = head.experiment
    const stop = { column, number, name, place: path.length, isBranch: head.group === 'sibling' }
    if (!stop.isBranch) path.push(stop)
    else branches.push(stop)
  }
  const places = new Map(path.map(({ number, place }) => [number, place]))
  return [
    ...path,
    ...branches.map((stop) => ({
      ...stop,
      place: (places.get(parents.get(stop.number) ?? -1) ?? stop.place - 1) + 1,
    })),
  ]
}

/** Chance and best of a benchmark on its own scale; null where one is not known. */
function rangeOf({ kind, chance, best, higher_is_better }: Benchmark): { chance: number; best: number } | null {
  if (kind !== 'accuracy' && kind !== 'rate') return null
  if (chance === null) return null
  const usual = higher_is_better ? 1 : 0
  return (best ?? usual) === chance ? null : { chance, best: best ?? usual }
}

function whyNotNormalised(benchmark: Benchmark): string | null {
  if (rangeOf(benchmark)) return null
  return benchmark.kind === 'accuracy' || benchmark.kind === 'rate'
    ? 'its chance is not known'
    : 'it has no chance level'
}

function dotOf(stop: SlopeStop, cell: MatrixCell, benchmark: Benchmark, scale: SlopeScale): SlopeDot {
  const range = scale === 'normalised' ? rangeOf(benchmark) : null
  const on = (value: number) => (range ? normalise(value, range) || 0 : value)
  const ends = [cell.low, cell.high].map((end) => (end === null ? null : on(end)))
  const [low = null, high = null] = ends
  const isTurned = low !== null && high !== null && low > high
  return { stop, cell, value: on(cell.score), low: isTurned ? high : low, high: isTurned ? low : high }
}

function lineOf(
  row: number,
  benchmark: Benchmark,
  dots: SlopeDot[],
  stages: readonly MatrixStage[],
  isWhole: boolean,
): SlopeLine {
  const line: SlopeLine = { row, benchmark, dots, joins: [], breaks: [], isWhole }
  for (const to of dots) {
    const parent = stages.find(({ number }) => number === to.stop.number)?.parent
    const from = dots.find(({ stop }) => stop.number === parent)
    if (!from) continue
    const why = whyApart(from.cell, to.cell)
    if (why === null) line.joins.push({ from, to })
    else line.breaks.push({ after: from.stop, why })
  }
  return line
}

function whyApart(from: MatrixCell, to: MatrixCell): string | null {
  if (from.protocol === null || to.protocol === null) return 'a protocol is not known'
  if (from.protocol.metric !== to.protocol.metric) return 'another metric'
  return from.protocol.fingerprint === to.protocol.fingerprint ? null : 'another protocol'
}

/** Names at the right end, moved apart so that none lies over another; as near to their lines as that allows. */
export function placeEnds(
  ends: readonly { key: number; y: number }[],
  { gap, top, bottom }: { gap: number; top: number; bottom: number },
): Map<number, number> {
  const sorted = [...ends].sort((a, b) => a.y - b.y || a.key - b.key)
  const placed: { keys: number[]; y: number }[] = []
  for (const end of sorted) {
    placed.push({ keys: [end.key], y: end.y })
    // Names that would meet become one block around the middle of their lines.
    for (let last = placed.at(-1), before = placed.at(-2); last && before; before = placed.at(-2)) {
      const reach = ((last.keys.length + before.keys.length) / 2) * gap
      if (last.y - before.y >= reach) break
      const n = last.keys.length + before.keys.length
      const y = (last.y * last.keys.length + before.y * before.keys.length) / n
      placed.splice(-2, 2, { keys: [...before.keys, ...last.keys], y })
      last = placed.at(-1)
    }
  }
  const at = new Map<number, number>()
  let least = top
  for (const { keys, y } of placed) {
    const first = Math.max(least, y - ((keys.length - 1) / 2) * gap)
    keys.forEach((key, i) => {
      at.set(key, first + i * gap)
    })
    least = first + keys.length * gap
  }
  const over = least - gap - bottom
  if (over <= 0) return at
  // Too low: the names go up together, as far as there is room.
  let most = bottom
  for (const [key, y] of [...at].sort((a, b) => b[1] - a[1])) {
    at.set(key, Math.min(y, most))
    most = (at.get(key) ?? most) - gap
  }
  return at
}
