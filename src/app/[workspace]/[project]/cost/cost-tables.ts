/** Tables of hardware, of held stretches, and of plans, as they are printed and copied. Pure. */
import { formatExactCount } from '#src/core/format/count.ts'
import { formatHours } from '#src/core/format/duration.ts'
import { formatMoney, placesFor } from '#src/core/format/money.ts'
import { formatNumber, formatPercent } from '#src/core/format/number.ts'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { PlanCost, ProjectCost } from '#src/protocol/cost.ts'
import type { CostPiece } from '#src/protocol/cost-parts.ts'
import { timeWords, type UnitChoice } from '#src/ui/cost/cost-units.ts'
import type { Bar } from '#src/ui/cost/prepare-waterfall.ts'
import { amountIn, totalWords } from '#src/ui/cost/totals.ts'
import { priceWords } from './cost-words.ts'

const text = (words: string): PublishedCell => ({ text: words })

/** By device: allocated and used time, money and price. */
export function hardwareTable(whole: ProjectCost, { currency }: UnitChoice): TableText {
  const amounts = whole.by_device.flatMap((row) => (currency === null ? [] : (amountIn(row.total, currency) ?? [])))
  const places = placesFor(amounts)
  return {
    title: 'By hardware',
    table: {
      columns: [
        { name: 'Device', align: 'left' },
        { name: 'Kind', align: 'left' },
        { name: 'Allocated', align: 'right' },
        { name: 'Used', align: 'right' },
        { name: 'Use', align: 'right' },
        { name: 'Time sampled', align: 'right' },
        { name: `Cost${currency === null ? '' : `, ${currency}`}`, align: 'right' },
        { name: 'Price', align: 'left' },
      ],
      rows: whole.by_device.map((row) => {
        const prices = whole.sources.filter((price) => price.device === row.device)
        return [
          text(row.device),
          text(row.device_kind.toUpperCase()),
          text(timeWords(row.allocated)),
          text(row.used === null ? 'not sampled' : timeWords(row.used)),
          text(row.used === null || row.allocated === 0 ? '' : formatPercent(row.used / row.allocated)),
          text(row.coverage === null ? '' : formatPercent(row.coverage)),
          text(totalWords(row.total, currency, places)),
          text(prices.length === 0 ? 'price missing' : prices.map(priceWords).join('; ')),
        ]
      }),
    },
    footRows: 0,
    notes: ['Allocated time is charged; used is allocated time × mean utilisation of the samples.'],
  }
}

/** The pieces that a bar is made of; of a total those of its bars. */
export function piecesOfBar(bar: Bar, bars: readonly Bar[], pieces: readonly CostPiece[]): CostPiece[] {
  const of =
    bar.group === 'model'
      ? bars.filter((b) => b.group === 'path')
      : bar.group === 'project'
        ? bars.filter((b) => b.group !== 'model')
        : [bar]
  return pieces.filter((piece) => of.some((one) => holds(one, piece)))
}

function holds(bar: Bar, piece: CostPiece): boolean {
  if (bar.group === 'project') return false
  if (bar.group === 'waste') return bar.parts.some((part) => part.kind === piece.kind && part.runs.includes(piece.run))
  const { stage } = bar
  if (!stage || stage.experiment.number !== piece.experiment || stage.experiment.project !== piece.project) return false
  return stage.segments.some((segment) => segment.kind === piece.kind && segment.runs.includes(piece.run))
}

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** Held stretches: Σ device-hours × price is the money. */
export function piecesTable(title: string, pieces: readonly CostPiece[], whole?: ProjectCost): TableText {
  const places = placesFor(pieces.flatMap((piece) => piece.amount ?? []))
  const names = new Map((whole?.stages ?? []).map((stage) => [stage.experiment.number, stage.experiment.name]))
  return {
    title,
    table: {
      columns: [
        { name: 'Run', align: 'left' },
        ...(whole ? [{ name: 'Stage', align: 'left' as const }] : []),
        { name: 'Attempt', align: 'right' },
        { name: 'What for', align: 'left' },
        { name: 'Device', align: 'left' },
        { name: 'Count', align: 'right' },
        { name: 'From', align: 'right' },
        { name: 'To', align: 'right' },
        { name: 'Device time', align: 'right' },
        { name: 'Per device-hour', align: 'right' },
        { name: 'Cost', align: 'right' },
      ],
      rows: pieces.map((piece) => [
        text(`#${piece.run}`),
        ...(whole ? [text(names.get(piece.experiment) ?? `stage ${piece.experiment}`)] : []),
        text(String(piece.attempt)),
        text(piece.kind === 'work' ? 'training' : piece.kind.replaceAll('_', ' ')),
        text(piece.device),
        text(formatExactCount(piece.count)),
        text(CLOCK.format(Date.parse(piece.from))),
        text(CLOCK.format(Date.parse(piece.to))),
        text(timeWords(piece.device_hours)),
        text(
          piece.per_hour === null || piece.currency === null
            ? 'price missing'
            : formatMoney({ amount: piece.per_hour, currency: piece.currency }),
        ),
        text(
          piece.amount === null || piece.currency === null
            ? 'price missing'
            : formatMoney({ amount: piece.amount, currency: piece.currency }, places),
        ),
      ]),
    },
    footRows: 0,
    notes: ['Each stretch: device-hours × price per device-hour.'],
  }
}

/** Planned against actual, stage by stage. */
export function planTable(plan: PlanCost): TableText {
  const hours = (value: number | null) => (value === null ? '' : formatHours(value))
  const count = (value: number | null) => (value === null ? '' : formatExactCount(value))
  const ratio = (actual: number | null, planned: number | null) =>
    actual === null || planned === null || planned === 0 ? '' : `${formatNumber((actual / planned) * 100, 0)} %`
  return {
    title: 'Planned against actual',
    table: {
      columns: [
        { name: 'Stage', align: 'left' },
        { name: 'Tokens planned', align: 'right' },
        { name: 'Tokens', align: 'right' },
        { name: 'of plan', align: 'right' },
        { name: 'Device-hours planned', align: 'right' },
        { name: 'Device-hours', align: 'right' },
        { name: 'of plan', align: 'right' },
        { name: 'Money planned', align: 'right' },
        { name: 'Money', align: 'right' },
        { name: 'Over plan', align: 'right' },
      ],
      rows: plan.stages.map(({ experiment, planned, actual, over, reason }) => [
        text(experiment.name),
        text(planned.tokens === null ? 'not planned' : count(planned.tokens)),
        text(actual.tokens === null ? 'not logged' : count(actual.tokens)),
        text(ratio(actual.tokens, planned.tokens)),
        text(planned.device_hours === null ? 'not planned' : hours(planned.device_hours)),
        text(hours(actual.device_hours)),
        text(ratio(actual.device_hours, planned.device_hours)),
        text(planned.money === null ? 'not planned' : formatMoney(planned.money)),
        text(totalWords(actual.total, planned.money?.currency ?? null)),
        text(over === null ? (planned.money === null ? '' : (reason ?? '')) : formatMoney(over)),
      ]),
    },
    footRows: 0,
    notes: ['Actual is everything that was spent on the stage, evaluations and failed runs included.'],
  }
}
