/** The bars as a table: the same numbers in the same order, in the unit of the picture. */
import { costPerPoint } from '#src/core/cost/cost-per-point.ts'
import { READING_WORDS } from '#src/core/evaluations/reading-words.ts'
import { Z95 } from '#src/core/evaluations/z95.ts'
import { currencySign, formatMoney, placesFor } from '#src/core/format/money.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { PublishedCell, PublishedColumn, TableText } from '#src/core/publish/table.ts'
import type { Bought, BoughtCell } from '#src/protocol/bought.ts'
import type { LineageCost } from '#src/protocol/cost.ts'
import { changeArrow } from '#src/ui/changes/change-words.ts'
import { digitsOf, pointsPerUnit } from '#src/ui/changes/score-digits.ts'
import { type CostUnit, timeLack, UNIT_WORDS, type UnitChoice, valueWords } from '#src/ui/cost/cost-units.ts'
import { cellOfStage } from '#src/ui/cost/prepare-pareto.ts'
import { type Bar, type BarPart, PART_WORDS, sumBar, type Waterfall } from '#src/ui/cost/prepare-waterfall.ts'
import { amountIn, lackWord, totalWords } from '#src/ui/cost/totals.ts'
import { footOf, shareOfBar } from './cost-words.ts'

/** A row of the table: a bar, or the sum of the branches. */
export interface CostRow {
  bar: Bar
  isSum: boolean
}

/** The bars in order; totals are sums of what stands above them. */
export function rowsOf({ bars }: Waterfall): CostRow[] {
  const branches = bars.filter((bar) => bar.group === 'branch')
  const last = branches.at(-1)
  return bars.flatMap((bar): CostRow[] => {
    const row = { bar, isSum: bar.group === 'model' || bar.group === 'project' }
    if (bar !== last) return [row]
    const sum = { ...sumBar(BRANCHES, 'branch', 'Branches not continued', branches), from: last.to, to: last.to }
    return [row, { bar: sum, isSum: true }]
  })
}

/** The key of the row that sums the branches up. */
const BRANCHES = 'branches'

/** Columns and cells as they are printed on the screen and in every copy. */
export function stageTable(
  data: LineageCost,
  waterfall: Waterfall,
  choice: UnitChoice,
  bought: Bought | undefined,
): TableText {
  const rows = rowsOf(waterfall)
  const project =
    waterfall.bars.find((bar) => bar.group === 'project') ?? waterfall.bars.find((bar) => bar.group === 'model')
  const print = printer(waterfall, choice)
  const hasParts = choice.unit === 'time' || choice.unit === 'money'
  const kinds = hasParts ? waterfall.kinds : []
  const right = (name: string): PublishedColumn => ({ name, align: 'right' })
  const columns: PublishedColumn[] = [
    { name: 'Stage', align: 'left' },
    { name: 'From', align: 'left' },
    ...kinds.map((kind) => right(`${capital(partWord(kind))}, ${print.unit}`)),
    right(`Time, ${print.timeUnit}`),
    right(`Cost${choice.currency === null ? '' : `, ${choice.currency}`}`),
    ...(hasParts ? [] : [right(UNIT_WORDS[choice.unit])]),
    ...(choice.unit === 'flops' ? [right('Per token'), { name: 'Rule', align: 'left' as const }, right('MFU, %')] : []),
    right(`Running total${choice.unit === 'money' && choice.currency !== null ? `, ${choice.currency}` : ''}`),
    right('Share, %'),
    { name: 'Target', align: 'left' },
    right('Gain'),
    right(`${perWord(choice.unit, print)} per point, 95 %`),
  ]
  return {
    title: `Cost of ${data.leaf.name}, ${data.view} view, ${UNIT_WORDS[choice.unit].toLowerCase()}`,
    table: {
      columns,
      rows: rows.map(({ bar }) => {
        const gain = gainOf(bar, bought)
        const share = project ? shareOfBar(bar, project, choice) : null
        const soFar = waterfall.bars.slice(0, waterfall.bars.indexOf(bar) + 1)
        // Where nothing was measured yet, the sum is not 0 but unknown.
        const isRunning = (bar.stage !== null || bar.group === 'waste') && soFar.some(({ value }) => value !== null)
        return [
          text(
            bar.group === 'model'
              ? `The model, path to ${data.leaf.name}`
              : bar.group === 'project'
                ? capital(bar.name)
                : bar.name,
          ),
          text(fromWords(bar)),
          ...kinds.map((kind) => text(partCell(bar, waterfall, kind, print))),
          text(
            bar.stage?.role === 'base'
              ? ''
              : ((bar.hours === 0 ? timeLack(bar.total, []) : null) ?? print.time(bar.hours)),
          ),
          text(
            bar.stage?.role === 'base'
              ? 'outside'
              : bare(totalWords(bar.total, choice.currency, print.places), choice.currency),
          ),
          ...(hasParts ? [] : [text(bar.value === null ? (bar.lacks ?? 'not known') : valueWords(bar.value, choice))]),
          ...(choice.unit === 'flops' ? flopsCells(bar, choice).map(text) : []),
          text(isRunning ? print.value(bar.to) : ''),
          text(share === null ? '' : formatNumber(share * 100, 1)),
          text(gain?.name ?? ''),
          text(gain ? changeText(gain) : ''),
          text(gain ? pointText(bar, gain, choice, print) : bar.stage && bar.stage.parents.length === 0 ? 'root' : ''),
        ]
      }),
    },
    footRows: 0,
    notes: [viewNote(data), ...footOf(data, project)],
  }
}

const text = (words: string): PublishedCell => ({ text: words })
const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`
const partWord = (kind: BarPart['kind']): string =>
  kind in PART_WORDS ? PART_WORDS[kind as keyof typeof PART_WORDS] : kind.replaceAll('_', ' ')

function viewNote(data: LineageCost): string {
  switch (data.view) {
    case 'full':
      return 'Full: everything that the model descends from, shared ancestors once.'
    case 'marginal':
      return `Marginal: only what no other of ${data.compared.length} compared leaves uses.`
    case 'allocated':
      return `Allocated: each stage divided by how many of ${data.compared.length} compared leaves use it.`
  }
}

interface Printer {
  timeUnit: 's' | 'h'
  /** Of the parts. */
  unit: string
  places: number
  time: (hours: number) => string
  value: (value: number) => string
}

/** One number of decimals a column. */
function printer({ bars }: Waterfall, choice: UnitChoice): Printer {
  const inSeconds = Math.max(0, ...bars.map((bar) => bar.hours)) < 1
  const { currency } = choice
  const places = placesFor(bars.flatMap((bar) => (currency === null ? [] : (amountIn(bar.total, currency) ?? []))))
  const time = (hours: number) => formatNumber(inSeconds ? hours * 3600 : hours, inSeconds ? 1 : 2)
  const value = (v: number) => {
    if (choice.unit === 'time') return time(v)
    return choice.unit === 'money' && currency !== null
      ? bare(formatMoney({ amount: String(v), currency }, places), currency)
      : valueWords(v, choice)
  }
  return {
    timeUnit: inSeconds ? 's' : 'h',
    unit: choice.unit === 'time' ? (inSeconds ? 's' : 'h') : (currency ?? ''),
    places,
    time,
    value,
  }
}

/** Amounts without the sign of the currency that the head of their column names. */
const bare = (words: string, currency: string | null): string =>
  currency === null ? words : words.replaceAll(currencySign(currency), '')

const perWord = (unit: CostUnit, print: Printer): string =>
  unit === 'money' ? 'Cost' : unit === 'time' ? print.timeUnit : UNIT_WORDS[unit]

function fromWords({ stage, group }: Bar): string {
  if (!stage) return group === 'waste' ? 'no checkpoint of the path' : ''
  if (stage.role === 'base') return 'outside'
  const names = [...new Set(stage.parents.map(({ experiment }) => experiment.name))]
  return names.length === 0 ? 'random weights' : names.join(', ')
}

/** FLOPs per token, the rule by which they were reckoned, and the utilisation; empty for sums and for what is not known. */
function flopsCells({ stage }: Bar, choice: UnitChoice): [perToken: string, rule: string, mfu: string] {
  if (!stage) return ['', '', '']
  const { flops, mfu } = stage
  const alert = { too_high: ', too high: check peak and tokens', too_low: ', very low' }
  return [
    flops.state === 'reckoned' ? valueWords(flops.per_token, choice) : '',
    flops.state === 'reckoned' ? flops.method.replaceAll('_', ' ') : '',
    mfu.state === 'measured' ? `${formatNumber(mfu.pct, 1)}${mfu.alert ? alert[mfu.alert] : ''}` : 'not available',
  ]
}

/** A part of a bar; of a total the sum of that part above it. */
function partCell(bar: Bar, { bars }: Waterfall, kind: BarPart['kind'], print: Printer): string {
  const own = barsOf(bar, bars)
  const parts = own.flatMap((b) => b.parts.filter((part) => part.kind === kind))
  if (parts.length === 0) return bar.group === 'waste' ? '' : print.value(0)
  if (parts.every((part) => part.value === null)) return lackWord(bar.total)
  return print.value(parts.reduce((sum, part) => sum + (part.value ?? 0), 0))
}

/** The bars that a row sums up; of a bar itself. */
function barsOf(bar: Bar, bars: readonly Bar[]): readonly Bar[] {
  if (bar.group === 'model') return bars.filter((b) => b.group === 'path')
  if (bar.group === 'project') return bars.filter((b) => b.stage !== null)
  return bar.key === BRANCHES ? bars.filter((b) => b.group === 'branch') : [bar]
}

interface Gain {
  name: string
  cell: BoughtCell
  /** Decimals of its change. */
  digits: number
  /** Points in one of the benchmark's own unit; null where points mean nothing. */
  points: 1 | 100 | null
  unit: string
}

/** The stage's certain gain on a target, else the first target that was compared, else the first that cannot be. */
function gainOf(bar: Bar, bought: Bought | undefined): Gain | null {
  const { stage } = bar
  const found = stage && bought?.stages.find((s) => s.experiment.number === stage.experiment.number)
  if (!found || !bought) return null
  const gains = found.targets.flatMap((slug): Gain[] => {
    const column = bought.benchmarks.findIndex((b) => b.slug === slug)
    const benchmark = bought.benchmarks[column]
    const cell = cellOfStage(found, column)
    if (!benchmark || !cell?.change) return []
    const highest = Math.max(cell.score, cell.score - (cell.change.change ?? 0))
    return [
      {
        name: benchmark.name,
        cell,
        digits: digitsOf(benchmark, highest),
        points: pointsPerUnit(benchmark, highest),
        unit: benchmark.unit ?? 'unit',
      },
    ]
  })
  const compared = gains.filter((gain) => gain.cell.change?.change !== null)
  return compared.find((gain) => gain.cell.change?.reading === 'gained') ?? compared[0] ?? gains[0] ?? null
}

/** Whether the gain in a row is certain, for its ink. */
export function inkOfGain(bar: Bar, bought: Bought | undefined): 'gained' | 'lost' | null {
  const reading = gainOf(bar, bought)?.cell.change?.reading
  return reading === 'gained' || reading === 'lost' ? reading : null
}

const changeText = ({ cell: { change }, digits }: Gain): string => {
  if (!change) return ''
  if (change.change !== null)
    return `${changeArrow(change.utility, change.reading === 'gained' || change.reading === 'lost')} ${formatChange(change.change, digits)}`.trim()
  return READING_WORDS[change.reading === 'missing_baseline' ? 'missing_baseline' : 'not_comparable']
}

/** "0.56 (0.44 to 0.82)" only where the gain is certain; points where it is a rate, else the benchmark's unit. */
function pointText(bar: Bar, { cell, points, unit }: Gain, choice: UnitChoice, print: Printer): string {
  const { change } = cell
  if (!change) return ''
  if (change.change === null || change.utility === null) return change.reason ?? 'no gain known'
  if (change.low === null || change.high === null) return 'no interval'
  if (change.reading !== 'gained') return 'no gain found'
  const spent = costOf(bar, choice, print)
  if (spent === null) return choice.unit === 'money' ? lackWord(bar.total) : 'not known'
  const factor = points ?? 1
  const per = costPerPoint(spent, change.utility * factor, ((change.high - change.low) / (2 * Z95)) * factor)
  if (per.perPoint === null || per.low === null || per.high === null) return 'no gain found'
  // One number of decimals in the cell: two significant digits of the estimate.
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(Number(per.perPoint)))))
  const print1 = (value: string) =>
    choice.unit === 'money' && choice.currency !== null
      ? formatMoney({ amount: value, currency: choice.currency }, decimals)
      : formatNumber(Number(value), decimals)
  return `${print1(per.perPoint)} (${print1(per.low)} to ${print1(per.high)})${points === null ? ` per ${unit}` : ''}`
}

function costOf(bar: Bar, choice: UnitChoice, print: Printer): string | null {
  if (choice.unit === 'money') return choice.currency === null ? null : amountIn(bar.total, choice.currency)
  if (choice.unit === 'time') return String(print.timeUnit === 's' ? bar.hours * 3600 : bar.hours)
  return bar.value === null ? null : String(bar.value)
}
