/** What the slope chart says: its sentence, its table, and one benchmark's way in words. Pure. */
import { formatNumber } from '#src/core/format/number.ts'
import type { TableText } from '#src/core/publish/table.ts'
import { intervalText, scoreText, stateWord } from '#src/ui/matrix/matrix-words.ts'
import type { Slope, SlopeDot, SlopeLine, SlopeScale } from './prepare-slope.ts'

/** "6 benchmarks over 5 stages; 2 lost for certain at some stage". */
export function sentenceOf({ lines, stops }: Slope): string {
  const stages = stops.filter(({ isBranch }) => !isBranch).length
  const lost = lines.filter(({ dots }) => dots.some(({ cell, stop }) => !stop.isBranch && cell.state === 'forgot'))
  const of = `${lines.length} ${lines.length === 1 ? 'benchmark' : 'benchmarks'} over ${stages} stages`
  if (lost.length === 0) return `${of}; none lost for certain at any stage`
  return `${of}; ${lost.map(({ benchmark }) => benchmark.name).join(', ')} lost for certain at a stage`
}

/** "0.812 (0.73 to 0.88), n 160". */
export function dotWords({ cell }: SlopeDot, { benchmark }: Pick<SlopeLine, 'benchmark'>): string {
  const interval = intervalText(cell, benchmark)
  return `${scoreText(cell, benchmark)} (${interval ?? 'no interval'}), ${cell.n === null ? 'n not given' : `n ${cell.n}`}`
}

/** The way of one benchmark, stop by stop, with what each stage did to it. */
export function wayWords(line: SlopeLine): string[] {
  return line.dots.map((dot) => {
    const { cell, stop } = dot
    const did =
      cell.state === 'no_baseline' || cell.state === 'is_baseline' ? '' : `, ${cell.reason ?? stateWord(cell.state)}`
    return `${stop.name}${stop.isBranch ? ' (branch)' : ''} ${dotWords(dot, line)}${did}`
  })
}

/** "Not drawn: Perplexity (it has no chance level)." Null when all are drawn. */
export const leftOutWords = ({ leftOut }: Slope): string | null =>
  leftOut.length === 0 ? null : `Not drawn: ${leftOut.map(({ name, why }) => `${name} (${why})`).join(', ')}.`

/** How the picture is to be read. */
export function notesOf(slope: Slope, scale: SlopeScale): string[] {
  const axis =
    scale === 'normalised'
      ? 'Normalised: 0 is chance, 1 the best there can be; higher is better for every benchmark.'
      : 'Each benchmark on its own axis; the arrow tells which way is better.'
  const apart = slope.lines.flatMap(({ benchmark, breaks }) =>
    breaks.map(({ after, why }) => `${benchmark.name} after ${after.name} (${why})`),
  )
  return [
    axis,
    'Bars: 95 % intervals of single scores; orange and blue: lost and gained for certain against the parent, on the same items where there are any.',
    ...(apart.length > 0 ? [`Not joined: ${apart.join(', ')}.`] : []),
    ...(leftOutWords(slope) ? [leftOutWords(slope) ?? ''] : []),
  ]
}

/** Benchmarks over the stops: scores with their intervals, and the normalised value where that is drawn. */
export function slopeTable(slope: Slope, scale: SlopeScale): TableText {
  const text = (line: SlopeLine, dot: SlopeDot | undefined) => {
    if (!dot) return 'not measured'
    const words = dotWords(dot, line)
    return scale === 'normalised' ? `${formatNumber(dot.value, 2)} = ${words}` : words
  }
  return {
    title: scale === 'normalised' ? 'Retention, normalised = score' : 'Retention, scores',
    table: {
      columns: [
        { name: 'Benchmark', align: 'left' },
        ...slope.stops.map(({ name, isBranch }) => ({
          name: isBranch ? `${name} (branch)` : name,
          align: 'right' as const,
        })),
      ],
      rows: slope.lines.map((line) => [
        { text: line.benchmark.name },
        ...slope.stops.map((stop) => ({
          text: text(
            line,
            line.dots.find((dot) => dot.stop === stop),
          ),
        })),
      ]),
    },
    footRows: 0,
    notes: notesOf(slope, scale),
  }
}
