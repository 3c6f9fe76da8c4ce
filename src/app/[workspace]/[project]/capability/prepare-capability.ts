/** From a path's scores to what is drawn: bands, lanes, dots, joins and breaks in px. Pure. */
import type { Capability, CapabilityCell, CapabilityStage, Span } from '#src/protocol/capability.ts'
import { innerScale, linearScale } from '#src/ui/charts/ticks.ts'
import { type Band, bandsBy } from '#src/ui/graph/strip-model.ts'

export const AXES = ['tokens', 'device_hours'] as const
export type CapabilityAxis = (typeof AXES)[number]

/** What a lane shows: scores, or changes against a baseline of which 0 is the line. */
export const AGAINST = ['score', 'parent', 'root'] as const
export type Against = (typeof AGAINST)[number]

export type StageBand = Band<CapabilityStage>

/** Checkpoints stand this far from the end of their band, so that the dot is inside. */
const INSET = 6

const spanOf = (stage: CapabilityStage, axis: CapabilityAxis): Span | null => stage[axis]

/** Bands of the path from left to right over `width` px. */
export const bandsOfPath = (stages: readonly CapabilityStage[], axis: CapabilityAxis, width: number) =>
  bandsBy(stages, width, (stage) => {
    const span = spanOf(stage, axis)
    return span && span.to - span.from
  })

/** Where a value of the axis lies within its stage; one that is not known lies at the stage's end. */
export function xIn(band: StageBand, axis: CapabilityAxis, value: number | null): number {
  const span = spanOf(band.card, axis)
  const end = band.x + band.width - INSET
  if (!span || span.to <= span.from || value === null) return end
  const share = Math.min(1, Math.max(0, (value - span.from) / (span.to - span.from)))
  return Math.min(end, band.x + share * band.width)
}

/** Round values of the axis with their places; only where a band holds them, each once. */
export function axisTicks(
  bands: readonly StageBand[],
  axis: CapabilityAxis,
  most: number,
): { value: number; x: number }[] {
  const spans = bands.flatMap((band) => {
    const span = spanOf(band.card, axis)
    return span && span.to > span.from ? [{ band, span }] : []
  })
  const [first] = spans
  if (!first) return []
  const last = Math.max(...spans.map(({ span }) => span.to))
  return linearScale(first.span.from, last, most).at.flatMap((value) => {
    const held = spans.find(({ span }) => value >= span.from && value <= span.to)
    if (!held) return []
    const { band, span } = held
    return [{ value, x: band.x + ((value - span.from) / (span.to - span.from)) * band.width }]
  })
}

export interface Dot {
  /** Place in the points of the answer. */
  point: number
  stage: number
  ofStage: boolean
  x: number
  value: number
  low: number | null
  high: number | null
  cell: CapabilityCell
}

export interface Lane {
  column: number
  benchmark: Capability['benchmarks'][number]
  dots: Dot[]
  /** Pairs of places in `dots` that are one curve. */
  joins: [number, number][]
  /** Between two dots: why they are not joined. */
  breaks: { x: number; why: string }[]
  /** Bounds of the values with their intervals, and marks on them. */
  scale: { min: number; max: number; at: number[] }
  /** The chance level, or no change. */
  line: { value: number; word: string } | null
}

/** One lane a benchmark: scores of all checkpoints, or changes of the stages' checkpoints. */
export function lanesOfPath(
  data: Capability,
  choice: { columns: readonly number[]; axis: CapabilityAxis; against: Against; bands: readonly StageBand[] },
): Lane[] {
  return choice.columns.flatMap((column): Lane[] => {
    const benchmark = data.benchmarks[column]
    if (!benchmark) return []
    const dots = data.points.flatMap((point, i): Dot[] => {
      const cell = point.cells[column]
      const band = choice.bands[point.stage]
      const read = cell && readCell(cell, choice.against)
      if (!cell || !band || !read) return []
      const place = {
        point: i,
        stage: point.stage,
        ofStage: point.of_stage,
        x: xIn(band, choice.axis, point[choice.axis]),
      }
      return [{ ...place, ...read, cell }]
    })
    const pairs = dots.slice(1).map((dot, i) => ({ from: dots[i] as Dot, to: dot, at: i }))
    const isBroken = ({ to }: { to: Dot }) => to.cell.broken !== null
    const line = lineOf(benchmark, choice.against)
    const values = dots.flatMap((d) => [d.value, d.low ?? d.value, d.high ?? d.value])
    const reach = line && isNear(line.value, values) ? [...values, line.value] : values
    return [
      {
        column,
        benchmark,
        dots,
        // Changes against parents are each against another checkpoint: no curve.
        joins: choice.against === 'parent' ? [] : pairs.filter((pair) => !isBroken(pair)).map(({ at }) => [at, at + 1]),
        breaks: pairs.filter(isBroken).map(({ from, to }) => ({ x: (from.x + to.x) / 2, why: to.cell.broken ?? '' })),
        scale:
          reach.length === 0
            ? { min: 0, max: 1, at: [] }
            : innerScale(Math.min(...reach), Math.max(...reach), 3, false),
        line,
      },
    ]
  })
}

function readCell(
  cell: CapabilityCell,
  against: Against,
): { value: number; low: number | null; high: number | null } | null {
  if (against === 'score') return { value: cell.score, low: cell.low, high: cell.high }
  const change = cell[against]
  return change && change.change !== null ? { value: change.change, low: change.low, high: change.high } : null
}

function lineOf(benchmark: Lane['benchmark'], against: Against): Lane['line'] {
  if (against !== 'score') return { value: 0, word: against === 'parent' ? 'as the parent' : 'as the root' }
  return benchmark.chance === null || benchmark.chance === 0 ? null : { value: benchmark.chance, word: 'chance' }
}

/** A line far from all values would squeeze them: it is left out then. */
function isNear(value: number, values: readonly number[]): boolean {
  if (values.length === 0) return false
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const span = Math.max(high - low, 1e-9)
  return value >= low - span && value <= high + span
}

/**
 * The benchmarks that are shown when nobody chose: corpora first, since they say how far the model has drifted, then one that each
 * stage of the path aims at, then what most stages have.
 */
export function usualColumns(data: Capability, most: number): number[] {
  const order = data.benchmarks.map((_, column) => column)
  const drift = order.filter((c) => data.benchmarks[c]?.kind === 'loss').slice(0, 2)
  const chosen = new Set(drift)
  for (const { targets } of data.stages) {
    const own = order.filter((c) => targets.includes(data.benchmarks[c]?.slug ?? ''))
    const [first] = own.some((c) => chosen.has(c)) ? [] : own
    if (first !== undefined) chosen.add(first)
  }
  for (const column of order) chosen.add(column)
  return [...chosen].slice(0, most)
}
