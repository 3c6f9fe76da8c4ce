/** The strip below the lineage: the chosen path on one token axis. Bands, lanes and marks in px. Pure. */
import type { Benchmark, EvaluationTable } from '#src/protocol/evaluations.ts'
import type { StageCard } from '#src/protocol/lineage.ts'

/** Width of a stage that logged no tokens. */
export const UNCOUNTED_WIDTH = 84

/** The least width of a stage: room for its name, less where many stages share the width. */
const leastWidth = (stages: number, width: number): number => Math.min(104, width / (1.4 * stages))

export interface Band<C = StageCard> {
  card: C
  x: number
  width: number
  /** Tokens consumed along the path before and after the stage, or what else sizes it. */
  from: number
  to: number
}

/** Bands of the path's stages over their tokens. */
export const bandsOf = (cards: readonly StageCard[], width: number) => bandsBy(cards, width, (card) => card.tokens)

/**
 * Bands of stages from left to right over `width` px: as wide as their size, but wide enough for their names; 84 px for a stage
 * without one. `toScale` is false when a stage had to be widened.
 */
export function bandsBy<C>(
  cards: readonly C[],
  width: number,
  sizeOf: (card: C) => number | null,
): { bands: Band<C>[]; toScale: boolean } {
  const least = leastWidth(cards.length, width)
  const counted = cards.filter((card) => (sizeOf(card) ?? 0) > 0)
  // Where no stage has tokens they share the width.
  const uncounted = counted.length === 0 ? width / Math.max(1, cards.length) : UNCOUNTED_WIDTH
  const room = width - (cards.length - counted.length) * uncounted
  const widths = shareOut(
    counted.map((card) => sizeOf(card) ?? 0),
    Math.max(room, counted.length * least),
    least,
  )
  const bands: Band<C>[] = []
  let x = 0
  let tokens = 0
  let at = 0
  for (const card of cards) {
    const size = sizeOf(card) ?? 0
    const isCounted = size > 0
    const bandWidth = isCounted ? (widths.widths[at] ?? least) : uncounted
    if (isCounted) at += 1
    bands.push({ card, x, width: bandWidth, from: tokens, to: tokens + size })
    x += bandWidth
    tokens += size
  }
  return { bands, toScale: widths.toScale }
}

function shareOut(sizes: readonly number[], room: number, least: number): { widths: number[]; toScale: boolean } {
  const small = new Set<number>()
  for (;;) {
    const left = room - small.size * least
    const total = sizes.reduce((sum, size, i) => (small.has(i) ? sum : sum + size), 0)
    const tooSmall = sizes.findIndex((size, i) => !small.has(i) && (size / total) * left < least)
    if (tooSmall === -1) {
      const widths = sizes.map((size, i) => (small.has(i) ? least : (size / total) * left))
      return { widths, toScale: small.size === 0 }
    }
    small.add(tooSmall)
  }
}

export interface Dot {
  card: StageCard
  score: number
  low: number | null
  high: number | null
  n: number | null
  /** Why there is no n. */
  nMissing: string | null
}

export interface Lane {
  benchmark: Benchmark
  /** Of the stages that were measured, in path order. */
  dots: Dot[]
}

/** Up to `most` benchmarks that most stages of the path have, the wanted ones (`first`, by slug) before others. */
export function lanesOf(
  table: EvaluationTable | undefined,
  cards: readonly StageCard[],
  first: readonly string[],
  most: number,
): Lane[] {
  if (!table) return []
  const lanes = table.benchmarks.map((benchmark, column): Lane => {
    const dots = cards.flatMap((card) => {
      const row = table.rows.find((r) => r.of_stage && r.experiment.number === card.number)
      const cell = row?.cells[column]
      return cell
        ? [{ card, score: cell.score, low: cell.low, high: cell.high, n: cell.n, nMissing: cell.n_missing }]
        : []
    })
    return { benchmark, dots }
  })
  const rank = ({ benchmark, dots }: Lane) => {
    const wanted = first.indexOf(benchmark.slug)
    return (wanted === -1 ? first.length : wanted) - dots.length * 100
  }
  return lanes
    .filter((lane) => lane.dots.length > 0)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, most)
}

/**
 * Change from the first to the last dot, and whether it is worth a colour: no interval, or intervals apart. The mark points up where the
 * model got better, whatever the sign, and is hollow where the change may be none.
 */
export function changeAlong(
  lane: Lane,
): { change: number; ink: 'gained' | 'lost' | 'grey'; mark: '▲' | '▼' | '△' | '▽' | '' } | null {
  const first = lane.dots[0]
  const last = lane.dots.at(-1)
  if (!first || !last || first === last) return null
  const change = last.score - first.score
  const overlap =
    first.low !== null &&
    first.high !== null &&
    last.low !== null &&
    last.high !== null &&
    first.low <= last.high &&
    last.low <= first.high
  if (change === 0) return { change, ink: 'grey', mark: '' }
  const isBetter = change > 0 === lane.benchmark.higher_is_better
  if (overlap) return { change, ink: 'grey', mark: isBetter ? '△' : '▽' }
  return isBetter ? { change, ink: 'gained', mark: '▲' } : { change, ink: 'lost', mark: '▼' }
}

/** Round ticks of a token axis up to `total`, at most `most` of them, 0 included. */
export function tokenTicks(total: number, most: number): number[] {
  if (total <= 0) return [0]
  const raw = total / most
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = power * ([1, 2, 2.5, 5, 10].find((m) => m * power >= raw) ?? 10)
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, i) => i * step)
}

/** Where a number of tokens along the path lies, in px. */
export function tokenX(tokens: number, bands: readonly Band[]): number {
  const band = bands.find((b) => b.to > b.from && tokens >= b.from && tokens <= b.to)
  if (!band) return bands.at(-1)?.x ?? 0
  return band.x + ((tokens - band.from) / (band.to - band.from)) * band.width
}
