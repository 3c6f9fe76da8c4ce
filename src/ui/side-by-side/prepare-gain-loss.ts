/** What the small chart draws: columns by what they gained on one benchmark and lost on another. Pure. */
import { formatValue } from '#src/core/format/number.ts'
import { baselineOf, type Sides } from './sides.ts'

type Row = Sides['why'][number]
type Drawn = Pick<Sides, 'why' | 'columns'>

export interface Span {
  value: number
  low: number | null
  high: number | null
}

export interface GainLossPoint {
  /** Its place among the columns. */
  column: number
  name: string
  colour: string
  x: Span
  y: Span
  isBaseline: boolean
  /** Change of y per 1.0 of x against the baseline, "3.9"; null for the baseline, and where nothing was gained. */
  rate: string | null
}

export interface GainLoss {
  x: Row
  y: Row
  points: readonly GainLossPoint[]
  /** Columns without one of the two scores. */
  left: readonly string[]
}

/** Rows on which at least two columns were measured. */
const drawable = (rows: readonly Row[]): Row[] =>
  rows.filter((row) => row.cells.filter((cell) => cell !== null).length > 1)

/** Benchmarks that may stand on either axis. */
export const axisChoices = ({ why }: Pick<Sides, 'why'>): Row[] => drawable(why)

/**
 * The chart of two benchmarks; null with fewer than two that two columns share.
 *
 * @param chosen slugs; unknown or null: the first target, and of the rest the one with the largest fall
 */
export function prepareGainLoss(sides: Drawn, chosen: { x: string | null; y: string | null }): GainLoss | null {
  const rows = axisChoices(sides)
  const named = (slug: string | null) => rows.find((row) => row.benchmark.slug === slug)
  const x = named(chosen.x) ?? rows.find((row) => row.role === 'target' && row.benchmark.slug !== chosen.y) ?? rows[0]
  if (!x) return null
  const others = rows.filter((row) => row !== x)
  const y = named(chosen.y) ?? others.toSorted((a, b) => fallOf(a) - fallOf(b))[0]
  if (!y || y === x) return null
  const base = baselineOf(sides)
  const points: GainLossPoint[] = []
  const left: string[] = []
  for (const [column, { name, look, isBaseline }] of sides.columns.entries()) {
    const [a, b] = [x.cells[column], y.cells[column]]
    if (!a || !b) {
      left.push(name)
      continue
    }
    points.push({
      column,
      name,
      colour: look.colour,
      x: spanOf(a),
      y: spanOf(b),
      isBaseline,
      rate: isBaseline ? null : rateOf(x, y, column, base),
    })
  }
  return { x, y, points, left }
}

const spanOf = ({ score, low, high }: NonNullable<Row['cells'][number]>): Span => ({ value: score, low, high })

/** The worst fall of a row in shares of its largest score, so that rows of different units can be ordered. */
function fallOf({ cells }: Row): number {
  const most = Math.max(...cells.map((cell) => Math.abs(cell?.score ?? 0)), 1e-9)
  return Math.min(0, ...cells.map((cell) => cell?.change?.utility ?? 0)) / most
}

function rateOf(x: Row, y: Row, column: number, base: number): string | null {
  const gain = x.cells[column]?.change?.utility ?? null
  const [own, before] = [y.cells[column]?.score, y.cells[base]?.score]
  if (gain === null || gain <= 0 || own === undefined || before === undefined) return null
  return formatValue(Number((Math.abs(own - before) / gain).toPrecision(3)))
}

/** The caption: what the axes are and what the number at a dot is. */
export function gainLossNotes({ x, y, left }: GainLoss): string[] {
  const axis = ({ benchmark }: Row) => `${benchmark.name} ${benchmark.higher_is_better ? '↑' : '↓, axis turned'}`
  return [
    `Across: ${axis(x)}. Up: ${axis(y)}. Up and right is better; bars are 95 % intervals.`,
    `At each dot: change of ${y.benchmark.name} per 1.0 gained on ${x.benchmark.name}, against the baseline.`,
    ...(left.length > 0 ? [`Without ${left.join(', ')}: not measured on both.`] : []),
  ]
}
