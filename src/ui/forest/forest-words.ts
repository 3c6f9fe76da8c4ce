/** What the forest plot says: its sentence, a row in words, its notes and its table. Pure. */
import type { Correction } from '#src/core/evaluations/correction.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { Difference, DifferenceState, Differences } from '#src/protocol/differences.ts'
import { changeArrow } from '#src/ui/changes/change-words.ts'
import { asCounted, type ForestPanel, isPaired } from './prepare-forest.ts'

export const CORRECTION_WORDS: Readonly<Record<Correction, string>> = {
  benjamini_hochberg: 'Benjamini–Hochberg',
  holm: 'Holm',
}

export const FAMILY_WORDS: Readonly<Record<Differences['family'], string>> = {
  kept: 'what should be kept',
  all: 'all benchmarks',
}

const STATE_WORDS: Readonly<Record<DifferenceState, string>> = {
  forgot: 'lost',
  improved: 'gained',
  retained: 'kept within the margin',
  inconclusive: 'no difference found',
  no_interval: 'no interval',
}

const UNIT_WORDS: Readonly<Record<NonNullable<Difference['unit']>, string>> = {
  points: 'points',
  nats: 'nats',
  bits_per_byte: 'bits per byte',
}

/** "points"; of a scale without a unit, that it is its own. */
export const unitWord = ({ unit }: Pick<Difference, 'unit'>): string =>
  unit === null ? 'its own scale' : UNIT_WORDS[unit]

/** Decimals of a difference in its unit. */
export const digitsIn = ({ unit }: Pick<Difference, 'unit'>): number => (unit === 'points' ? 1 : 3)

/** "lost, below the margin". */
export const stateWords = (row: Pick<Difference, 'state' | 'below_margin'>): string =>
  row.below_margin ? `${STATE_WORDS[row.state]}, below the margin` : STATE_WORDS[row.state]

/** "−4.6", new − old in the unit of the axis. */
export const changeWords = (row: Difference): string => formatChange(asCounted(row).change, digitsIn(row))

/** "−8.1 to −1.2"; null without an interval. */
export function intervalWords(row: Difference): string | null {
  const { low, high } = asCounted(row)
  return low === null || high === null
    ? null
    : `${formatChange(low, digitsIn(row))} to ${formatChange(high, digitsIn(row))}`
}

/** "45 lost, 20 gained of 500"; what stands in its place where items are not counted so. */
export function movedWords(row: Difference): string {
  if (row.moved) {
    const { lost, gained, same } = row.moved
    return `${formatExactCount(lost)} lost, ${formatExactCount(gained)} gained of ${formatExactCount(lost + gained + same)}`
  }
  if (isPaired(row)) return `paired, n ${formatExactCount(row.paired_n ?? 0)}`
  return row.n === null ? 'unpaired, n not published' : `unpaired, n ${formatExactCount(row.n)}`
}

/** "p 0.012 adjusted"; the plain p outside of the family. */
export function pWords(row: Difference): string {
  const p = row.p_adjusted ?? row.p
  if (p === null) return 'no p'
  const printed = p < 0.0001 ? '< 0.0001' : formatNumber(p, p < 0.01 ? 4 : 3)
  return `p ${printed}${row.p_adjusted === null ? ' alone' : ''}`
}

/** ▲ gained and ▼ lost, hollow where the difference is not certain. */
export const markOf = ({ state, delta }: Pick<Difference, 'state' | 'delta'>): string =>
  changeArrow(delta, state !== 'inconclusive' && state !== 'retained')

/** All that a row says, for readers. */
export function rowWords(row: Difference): string {
  const interval = intervalWords(row)
  return [
    `${row.benchmark.name} against ${row.against.experiment.name}`,
    `${changeWords(row)} ${row.unit === null ? '' : UNIT_WORDS[row.unit]}`.trim(),
    interval === null ? 'no interval' : `95 % ${interval}`,
    movedWords(row),
    pWords(row),
    stateWords(row),
  ].join(', ')
}

/** "6 benchmarks of dpo against sft: 2 lost, 1 gained, 3 no difference found; 1 cannot be compared". */
export function sentenceOf(told: Differences, against: string): string {
  const count = (state: DifferenceState) => told.rows.filter((row) => row.state === state).length
  const parts = (['forgot', 'improved', 'retained', 'inconclusive', 'no_interval'] as const).flatMap((state) =>
    count(state) === 0 ? [] : [`${count(state)} ${STATE_WORDS[state]}`],
  )
  const apart = told.apart.length
  const n = told.rows.length
  return [
    `${n} ${n === 1 ? 'benchmark' : 'benchmarks'} of ${columnOf(told)} against ${against}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`,
    ...(apart === 0 ? [] : [`${apart} without a difference`]),
  ].join('; ')
}

export function columnOf({ of }: Differences): string {
  if (!of) return ''
  return of.variant === '' ? of.experiment.name : `${of.experiment.name}, ${of.variant}`
}

/** What the checkpoint is compared with, in words. */
export function referenceWords(told: Differences): string {
  if (told.baseline === 'parent') return 'its parent'
  if (told.baseline === 'root') return 'the root'
  if (told.baseline === 'best') return 'the best ancestor of each benchmark'
  return told.rows[0]?.against.experiment.name ?? 'the chosen checkpoint'
}

/** How the picture is to be read, and how its numbers were made. */
export function notesOf(told: Differences, margin: number | null): string[] {
  const { rows, family, family_size, correction } = told
  const outside = rows.filter((row) => row.p !== null && row.p_adjusted === null).length
  const further = rows.filter((row) => (row.stages_back ?? 1) > 1).map((row) => row.benchmark.name)
  return [
    `${columnOf(told)} against ${referenceWords(told)}, under the same protocol. Intervals are 95 % of the difference, not of the two scores; right is better for every benchmark, the printed number is new − old.`,
    `p: ${CORRECTION_WORDS[correction]} over ${family_size} of ${FAMILY_WORDS[family]}${outside === 0 ? '' : `; ${outside} outside of it ${outside === 1 ? 'has' : 'have'} p alone, not adjusted`}. A row is certain below 0.05.`,
    `Band: the margin, ${margin === null ? 'each benchmark’s own' : `${margin} points for rates, each loss’s own`}. Ticks: the smallest difference that four of five such comparisons find.`,
    ...(rows.some((row) => !isPaired(row) && row.low !== null)
      ? ['Dashed: unpaired, conservative when scores are positively correlated.']
      : []),
    ...(further.length === 0
      ? []
      : [`Against an earlier stage, since those between were not measured: ${further.join(', ')}.`]),
    ...(told.baseline === 'best'
      ? ['The best of several ancestors is best partly by luck: a loss against it includes that selection effect.']
      : []),
  ]
}

/** Five significant digits with a real minus; null stays null. */
function exact(value: number | null): string | null {
  if (value === null) return null
  const size = Math.abs(value)
  const printed = size === 0 || size >= 1e-4 ? String(Number(size.toPrecision(5))) : size.toExponential(2)
  return value < 0 ? `−${printed}` : printed
}

const HEADS = [
  'Benchmark',
  'Category',
  'Role',
  'Against',
  'Before',
  'Now',
  'Difference',
  '95 % low',
  '95 % high',
  'Unit',
  'p',
  'p adjusted',
  'Reading',
  'Lost',
  'Gained',
  'Same',
  'n',
  'Paired n',
  'Margin',
  'Detectable',
  'Test',
]
const LEFT = new Set(['Benchmark', 'Category', 'Role', 'Against', 'Unit', 'Reading', 'Test'])

/** Every row with all counts; those that cannot be compared follow with their reason. */
export function forestTable(told: Differences, panels: readonly ForestPanel[], margin: number | null): TableText {
  const rows = panels.flatMap(({ groups }) => groups.flatMap((group) => group.rows))
  const cells = (values: readonly (string | number | null)[]): PublishedCell[] =>
    values.map((value) => ({ text: value === null ? '' : String(value) }))
  return {
    title: `Differences of ${columnOf(told)} against ${referenceWords(told)}`,
    footRows: 0,
    notes: notesOf(told, margin),
    table: {
      columns: HEADS.map((name) => ({ name, align: LEFT.has(name) ? 'left' : 'right' })),
      rows: [
        ...rows.map((row) => {
          const { change, low, high } = asCounted(row)
          return cells([
            row.benchmark.name,
            row.benchmark.category,
            row.role,
            row.against.experiment.name,
            exact(row.before),
            exact(row.after),
            exact(change),
            exact(low),
            exact(high),
            unitWord(row),
            exact(row.p),
            exact(row.p_adjusted),
            stateWords(row),
            row.moved?.lost ?? null,
            row.moved?.gained ?? null,
            row.moved?.same ?? null,
            row.n,
            row.paired_n,
            exact(row.margin),
            exact(row.detectable),
            row.method,
          ])
        }),
        ...told.apart.map(({ benchmark, reason }) =>
          cells(
            HEADS.map((name) =>
              name === 'Benchmark'
                ? benchmark.name
                : name === 'Category'
                  ? benchmark.category
                  : name === 'Reading'
                    ? reason
                    : null,
            ),
          ),
        ),
      ],
    },
  }
}
