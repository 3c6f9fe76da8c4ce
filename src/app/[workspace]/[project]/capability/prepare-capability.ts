/** From a path's scores to what is drawn: lanes, dots, joins and breaks in px. Pure. */
import { CORPUS_UNITS } from '#src/core/evaluations/corpus-units.ts'
import type { PathAxis } from '#src/core/lineage/path-axes.ts'
import type { Capability, CapabilityCell } from '#src/protocol/capability.ts'
import { innerScale } from '#src/ui/charts/ticks.ts'
import { type StageBand, xIn } from './capability-axes.ts'

/** What a lane shows: scores, or changes against a baseline of which 0 is the line. */
export const AGAINST = ['score', 'parent', 'root'] as const
export type Against = (typeof AGAINST)[number]

/** In what losses over a corpus are shown: as they were reported, or in one of their units. */
export const LOSS_UNITS = ['reported', ...CORPUS_UNITS] as const
export type LossUnit = (typeof LOSS_UNITS)[number]

/** What is drawn of an answer. */
export interface CapabilityChoice {
  /** Places in the benchmarks of the answer. */
  columns: readonly number[]
  axis: PathAxis
  against: Against
  unit: LossUnit
}

/** A cell in the unit that is shown. */
export interface ShownCell extends Pick<CapabilityCell, 'score' | 'low' | 'high' | 'n' | 'broken' | 'parent' | 'root'> {
  /** Of a loss: the text that it was counted over, and the documents that its interval goes over. */
  corpus: string | null
  documents: number | null
}

/** A cell in a unit; null where nothing was measured, or not in this unit. */
export function shownCell(cell: CapabilityCell | null | undefined, unit: LossUnit): ShownCell | null {
  if (!cell) return null
  const corpus = cell.corpus?.name ?? null
  const units = cell.corpus?.units
  if (!units || unit === 'reported') {
    const documents = units ? Object.values(units).find((one) => one?.documents)?.documents : null
    return { ...cell, corpus, documents: documents ?? null }
  }
  const found = units[unit]
  return found ? { ...found, n: cell.n, corpus } : null
}

/** Units in which some loss of the path can be shown beside the one that it was reported in. */
export const unitsOf = (data: Capability): LossUnit[] =>
  LOSS_UNITS.filter(
    (unit) =>
      unit === 'reported' ||
      data.points.some(({ cells }) => cells.some((cell) => (cell?.corpus?.units[unit] ?? null) !== null)),
  )

export interface Dot {
  /** Place in the points of the answer. */
  point: number
  stage: number
  ofStage: boolean
  x: number
  value: number
  low: number | null
  high: number | null
  cell: ShownCell
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
  /** A score that somebody wants to reach. */
  target: number | null
}

/** One lane a benchmark: scores of all checkpoints, or changes of the stages' checkpoints. */
export function lanesOfPath(
  data: Capability,
  choice: CapabilityChoice & { bands: readonly StageBand[]; target?: { slug: string; score: number } | null },
): Lane[] {
  return choice.columns.flatMap((column): Lane[] => {
    const benchmark = data.benchmarks[column]
    if (!benchmark) return []
    const dots = data.points.flatMap((point, i): Dot[] => {
      const cell = shownCell(point.cells[column], choice.unit)
      const band = choice.bands.find((one) => one.stage === point.stage)
      const read = cell && readCell(cell, choice.against)
      const x = band ? xIn(band, point.at[choice.axis]) : null
      if (!cell || !read || x === null) return []
      return [{ point: i, stage: point.stage, ofStage: point.of_stage, x, ...read, cell }]
    })
    const pairs = dots.slice(1).map((dot, i) => ({ from: dots[i] as Dot, to: dot, at: i }))
    const isBroken = ({ to }: { to: Dot }) => to.cell.broken !== null
    const line = lineOf(benchmark, choice.against)
    const target = choice.against === 'score' && choice.target?.slug === benchmark.slug ? choice.target.score : null
    const values = dots.flatMap((d) => [d.value, d.low ?? d.value, d.high ?? d.value])
    const lines = [...(line ? [line.value] : []), ...(target === null ? [] : [target])]
    // Changes are bars from no change; a chance level far from all scores would squeeze them.
    const isShown = (value: number) => choice.against !== 'score' || isNear(value, values)
    const reach = values.length === 0 ? [] : [...values, ...lines.filter(isShown)]
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
        line: line && isShown(line.value) ? line : null,
        target: target !== null && isNear(target, values) ? target : null,
      },
    ]
  })
}

function readCell(
  cell: ShownCell,
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
