/** The page in words: its sentence, a checkpoint's reading, and the table that is copied. */
import { READING_WORDS } from '#src/core/evaluations/reading-words.ts'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { Capability, CapabilityCell } from '#src/protocol/capability.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import { axisWords, exactValue, missingWords } from './capability-axes.ts'
import { type CapabilityChoice, type LossUnit, type ShownCell, shownCell } from './prepare-capability.ts'

export const UNIT_WORDS: Readonly<Record<LossUnit, string>> = {
  reported: 'as reported',
  bits_per_byte: 'bits per byte',
  nats_per_token: 'nats per token',
}

/** The unit of a lane, where its name does not say it. */
export const unitOfLane = (benchmark: Capability['benchmarks'][number], unit: LossUnit): string | null =>
  unit === 'reported' || benchmark.kind !== 'loss' ? unitBeside(benchmark) : UNIT_WORDS[unit]

/** "5 stages, 2.25M tokens. Of 8 benchmarks dpo gained on 6, lost on 2 since base; 2 were not measured there." */
export function sentenceOf(data: Capability): string {
  const last = data.stages.at(-1)
  const first = data.stages[0]
  if (!last || !first) return 'No stage has begun'
  const { span } = last.axes.tokens
  const tokens = span ? `, ${formatCount(span.to)} tokens` : ''
  const head = `${data.stages.length} ${data.stages.length === 1 ? 'stage' : 'stages'}${tokens}`
  const end = data.points.findLast((p) => p.of_stage && p.stage === data.stages.length - 1)
  const changes = (end?.cells ?? []).flatMap((cell) => cell?.root ?? [])
  const count = (...readings: string[]) => changes.filter((c) => readings.includes(c.reading)).length
  const [without, other] = [count('missing_baseline'), count('not_comparable')]
  const compared = changes.length - without - other
  const aside = [
    ...(without > 0 ? [`${without} ${without === 1 ? 'was' : 'were'} not measured there`] : []),
    ...(other > 0 ? [`${other} cannot be compared`] : []),
  ].join(', ')
  if (compared === 0) return aside === '' ? head : `${head}. Since ${first.experiment.name} ${aside}.`
  const uncertain = count('no_difference_found', 'no_interval')
  const parts = [
    `gained on ${count('gained')}`,
    `lost on ${count('lost')}`,
    ...(uncertain > 0 ? [`${uncertain} uncertain`] : []),
  ]
  const since = `since ${first.experiment.name}${aside === '' ? '' : `; ${aside}`}`
  return `${head}. Of ${compared} benchmarks ${last.experiment.name} ${parts.join(', ')} ${since}.`
}

/** "n 160"; what was not told is said so. */
export const countWords = (n: number | null): string => (n === null ? 'n not given' : `n ${formatExactCount(n)}`)

/** "0.488 (0.411 to 0.565), n 160". */
export function cellWords(
  cell: Pick<ShownCell, 'score' | 'low' | 'high' | 'n' | 'documents'>,
  benchmark: Capability['benchmarks'][number],
): string {
  const print = (value: number) => formatNumber(value, digitsOf(benchmark, cell.score))
  const interval = cell.low === null || cell.high === null ? 'no interval' : `${print(cell.low)} to ${print(cell.high)}`
  const over = cell.documents === null ? countWords(cell.n) : `${formatExactCount(cell.documents)} documents`
  return `${print(cell.score)} (${interval}), ${over}`
}

/** Letters of a name that the column of lanes has room for. */
const CORPUS_LETTERS = 16

/** The text that the losses of a lane were counted over, short and whole; how many there are where it changed. */
export function corpusWords(cells: readonly Pick<ShownCell, 'corpus'>[]): { short: string; whole: string } | null {
  const names = [...new Set(cells.flatMap(({ corpus }) => corpus ?? []))]
  const [name] = names
  if (name === undefined) return null
  const whole = `on ${names.join(', then ')}`
  if (names.length > 1) return { short: `on ${names.length} corpora`, whole }
  return { short: name.length > CORPUS_LETTERS ? `on ${name.slice(0, CORPUS_LETTERS - 1)}…` : whole, whole }
}

/** "+0.394 (+0.300 to +0.481), gained"; a dash where nothing can be compared. */
export function changeWords(change: CapabilityCell['parent'], digits = 3): string {
  const print = (value: number) => formatChange(value, digits)
  if (!change) return '–'
  const word = READING_WORDS[change.reading]
  if (change.change === null) return change.reason ?? word
  const interval = change.low === null || change.high === null ? '' : ` (${print(change.low)} to ${print(change.high)})`
  return `${print(change.change)}${interval}, ${word}`
}

/** A benchmark with its direction, unit and count: "Task accuracy ↑". */
export const benchmarkHead = (b: Capability['benchmarks'][number], unit: LossUnit = 'reported'): string =>
  [`${b.name} ${directionArrow(b.higher_is_better)}`, unitOfLane(b, unit)].filter((part) => part !== null).join(', ')

/** Where the loss goes on under another meaning: "sft-replay (other data; loss on the answer only)". */
export const lossBreaks = (data: Capability): string[] =>
  data.stages.flatMap((s) => (s.loss_breaks.length > 0 ? [`${s.experiment.name} (${s.loss_breaks.join('; ')})`] : []))

/** Checkpoints that are drawn: changes are of stages, scores of all. */
export const pointsShown = (data: Capability, { against }: Pick<CapabilityChoice, 'against'>): Capability['points'] =>
  data.points.filter((p) => p.of_stage || against === 'score')

/** What is drawn, as a table with its notes. */
export function capabilityTable(data: Capability, choice: CapabilityChoice): TableText {
  const { against, axis, unit } = choice
  const shown = choice.columns.flatMap((c) =>
    data.benchmarks[c] ? [{ column: c, benchmark: data.benchmarks[c] }] : [],
  )
  const points = pointsShown(data, choice)
  const text = (words: string): PublishedCell => ({ text: words })
  const breaks = lossBreaks(data)
  const missing = missingWords(data.stages, axis)
  const end = data.stages.at(-1)?.experiment.name ?? ''
  const words = axisWords(axis, data.device_kind)
  const versus =
    against === 'score' ? 'scores with 95 % intervals' : `changes against the ${against} with 95 % intervals`
  return {
    title: `Capability over ${words}, path to ${end}`,
    table: {
      columns: [
        { name: 'Checkpoint', align: 'left' },
        { name: 'Step', align: 'right' },
        { name: `${words.charAt(0).toUpperCase()}${words.slice(1)} since the root`, align: 'right' },
        ...shown.map(({ benchmark }) => ({ name: benchmarkHead(benchmark, unit), align: 'right' as const })),
      ],
      rows: points.map((point) => [
        text(data.stages[point.stage]?.experiment.name ?? ''),
        text(formatExactCount(point.checkpoint.step)),
        text(point.at[axis] === null ? 'not known' : exactValue(axis, point.at[axis])),
        ...shown.map(({ column, benchmark }) => {
          const cell = shownCell(point.cells[column], unit)
          if (!cell) return text(point.cells[column] ? 'not known in this unit' : 'not measured')
          const broken = cell.broken === null ? '' : `, ${cell.broken}: not joined`
          const words =
            against === 'score'
              ? cellWords(cell, benchmark)
              : changeWords(cell[against], digitsOf(benchmark, cell.score))
          return text(`${words}${broken}`)
        }),
      ]),
    },
    footRows: 0,
    notes: [
      `${versus.charAt(0).toUpperCase()}${versus.slice(1)}; scores under different protocols are not joined.`,
      ...(breaks.length > 0 ? [`The training loss is no single curve: a new one begins at ${breaks.join(', ')}.`] : []),
      ...(missing.length > 0 ? [`Not to scale over ${words}: ${missing.join('; ')}.`] : []),
    ],
  }
}
