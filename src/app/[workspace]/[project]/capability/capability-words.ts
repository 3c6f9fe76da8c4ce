/** The page in words: its sentence, a checkpoint's reading, and the table that is copied. */
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatHours } from '#src/core/format/duration.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { Capability, CapabilityCell } from '#src/protocol/capability.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import type { Against, CapabilityAxis } from './prepare-capability.ts'

export const AXIS_WORDS: Readonly<Record<CapabilityAxis, string>> = { tokens: 'tokens', device_hours: 'device-hours' }

export const axisValue = (axis: CapabilityAxis, value: number): string =>
  axis === 'tokens' ? formatCount(value) : formatHours(value)

/** "5 stages, 2.25M tokens. Of 10 benchmarks dpo gained on 6, lost on 2, 2 uncertain since base." */
export function sentenceOf(data: Capability): string {
  const last = data.stages.at(-1)
  const first = data.stages[0]
  if (!last || !first) return 'No stage has begun'
  const tokens = last.tokens ? `, ${formatCount(last.tokens.to)} tokens` : ''
  const head = `${data.stages.length} ${data.stages.length === 1 ? 'stage' : 'stages'}${tokens}`
  const end = data.points.findLast((p) => p.of_stage && p.stage === data.stages.length - 1)
  const changes = (end?.cells ?? []).flatMap((cell) => cell?.root ?? [])
  if (changes.length === 0) return head
  const count = (reading: string) => changes.filter((c) => c.reading === reading).length
  const rest = changes.length - count('gained') - count('lost')
  const parts = [`gained on ${count('gained')}`, `lost on ${count('lost')}`, ...(rest > 0 ? [`${rest} uncertain`] : [])]
  return `${head}. Of ${changes.length} benchmarks ${last.experiment.name} ${parts.join(', ')} since ${first.experiment.name}.`
}

/** "n 160"; what was not told is said so. */
export const countWords = (n: number | null): string => (n === null ? 'n not given' : `n ${formatExactCount(n)}`)

/** "0.488 (0.411 to 0.565), n 160". */
export function cellWords(cell: CapabilityCell): string {
  const interval =
    cell.low === null || cell.high === null ? 'no interval' : `${formatNumber(cell.low)} to ${formatNumber(cell.high)}`
  return `${formatNumber(cell.score)} (${interval}), ${countWords(cell.n)}`
}

/** "+0.394 (+0.300 to +0.481), gained"; a dash where nothing can be compared. */
export function changeWords(change: CapabilityCell['parent']): string {
  if (!change) return '–'
  const word = change.reading.replaceAll('_', ' ')
  if (change.change === null) return change.reason ?? word
  const interval =
    change.low === null || change.high === null ? '' : ` (${formatChange(change.low)} to ${formatChange(change.high)})`
  return `${formatChange(change.change)}${interval}, ${word}`
}

/** A benchmark with its direction, unit and count: "Task accuracy ↑". */
export const benchmarkHead = (b: Capability['benchmarks'][number]): string =>
  [`${b.name} ${directionArrow(b.higher_is_better)}`, unitBeside(b)].filter((part) => part !== null).join(', ')

/** Where the loss goes on under another meaning: "sft-replay (other data; loss on the answer only)". */
export const lossBreaks = (data: Capability): string[] =>
  data.stages.flatMap((s) => (s.loss_breaks.length > 0 ? [`${s.experiment.name} (${s.loss_breaks.join('; ')})`] : []))

/** What is drawn, as a table with its notes. */
export function capabilityTable(
  data: Capability,
  choice: { columns: readonly number[]; axis: CapabilityAxis; against: Against },
): TableText {
  const { against, axis } = choice
  const shown = choice.columns.flatMap((c) =>
    data.benchmarks[c] ? [{ column: c, benchmark: data.benchmarks[c] }] : [],
  )
  const points = data.points.filter((p) => p.of_stage || against === 'score')
  const text = (words: string): PublishedCell => ({ text: words })
  const breaks = lossBreaks(data)
  const end = data.stages.at(-1)?.experiment.name ?? ''
  const versus =
    against === 'score' ? 'scores with 95 % intervals' : `changes against the ${against} with 95 % intervals`
  return {
    title: `Capability over ${AXIS_WORDS[axis]}, path to ${end}`,
    table: {
      columns: [
        { name: 'Checkpoint', align: 'left' },
        { name: 'Step', align: 'right' },
        { name: axis === 'tokens' ? 'Tokens since the root' : 'Device-hours since the root', align: 'right' },
        ...shown.map(({ benchmark }) => ({ name: benchmarkHead(benchmark), align: 'right' as const })),
      ],
      rows: points.map((point) => [
        text(data.stages[point.stage]?.experiment.name ?? ''),
        text(formatExactCount(point.checkpoint.step)),
        text(placeWords(axis, point[axis])),
        ...shown.map(({ column }) => {
          const cell = point.cells[column]
          if (!cell) return text('not measured')
          const broken = cell.broken === null ? '' : `, ${cell.broken}: not joined`
          return text(`${against === 'score' ? cellWords(cell) : changeWords(cell[against])}${broken}`)
        }),
      ]),
    },
    footRows: 0,
    notes: [
      `${versus.charAt(0).toUpperCase()}${versus.slice(1)}; scores under different protocols are not joined.`,
      ...(breaks.length > 0 ? [`The training loss is no single curve: a new one begins at ${breaks.join(', ')}.`] : []),
    ],
  }
}

const placeWords = (axis: CapabilityAxis, value: number | null): string =>
  value === null ? 'not logged' : axis === 'tokens' ? formatExactCount(value) : formatHours(value, 4)
