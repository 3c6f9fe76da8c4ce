/** Totals that were kept, beside the same total with the prices of the page. Pure. */
import { formatMoney, placesFor } from '#src/core/format/money.ts'
import { formatPercent } from '#src/core/format/number.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { ProjectCost } from '#src/protocol/cost.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'
import type { PricedRecord } from '#src/protocol/priced-records.ts'
import { amountIn, minus, totalWords } from '#src/ui/cost/totals.ts'
import { priceWords } from './cost-words.ts'

/** The newest first, each with what the page reckons for the same subject and the difference. */
export function keptTable(items: readonly PricedRecord[], whole: ProjectCost): TableText {
  const text = (words: string) => ({ text: words })
  return {
    title: 'Kept totals',
    table: {
      columns: [
        { name: 'Kept', align: 'left' },
        { name: 'What', align: 'left' },
        { name: 'Book', align: 'left' },
        { name: 'As it stood on', align: 'left' },
        { name: 'Then', align: 'right' },
        { name: 'With the prices of this page', align: 'right' },
        { name: 'Change', align: 'right' },
        { name: 'Prices then', align: 'left' },
        { name: 'By', align: 'left' },
      ],
      rows: items.map((record) => {
        const now = totalNow(record, whole)
        return [
          text(minuteOf(record.created_at)),
          text(subjectWords(record)),
          text(record.book),
          text(record.as_of.slice(0, 10)),
          text(totalWords(record.total, record.total.amounts[0]?.currency ?? null, placesOf(record.total))),
          text(now === null ? 'a run: see its page' : totalWords(now, null, placesOf(record.total))),
          text(now === null ? '' : changeWords(record.total, now)),
          text(record.sources.map(priceWords).join('; ') || 'no price was used'),
          text(record.created_by),
        ]
      }),
    },
    footRows: 0,
    notes: ['Then: as it was reckoned and kept. A newer price never changes it.'],
  }
}

const minuteOf = (instant: string): string => instant.slice(0, 16).replace('T', ' ')
const placesOf = (total: CostTotal): number => placesFor(total.amounts.map(({ amount }) => amount))

function subjectWords({ of, run, experiment }: PricedRecord): string {
  const name = experiment?.name ?? 'a stage'
  switch (of) {
    case 'project':
      return 'the project'
    case 'lineage':
      return `${name} and its ancestors`
    case 'stage':
      return `${name} alone`
    case 'run':
      return `run #${run ?? '?'}`
  }
}

/** The same subject as the page reckons it; null for a run. */
export function totalNow({ of, experiment }: PricedRecord, whole: ProjectCost): CostTotal | null {
  if (of === 'project') return whole.totals.all
  const isSame = (other: { experiment: { number: number; project: string } }) =>
    other.experiment.number === experiment?.number && other.experiment.project === experiment.project
  if (of === 'lineage') return whole.at_stage.find(isSame)?.total ?? null
  return of === 'stage' ? (whole.stages.find(isSame)?.total ?? null) : null
}

/** "+$0.10, +25 %" in the currency of the kept total; in words where the two cannot be subtracted. */
function changeWords(then: CostTotal, now: CostTotal): string {
  const currency = then.amounts[0]?.currency
  if (currency === undefined) return 'nothing was known then'
  if (then.amounts.length > 1 || now.amounts.some((amount) => amount.currency !== currency))
    return 'other currencies: no difference'
  const [before, after] = [amountIn(then, currency), amountIn(now, currency)]
  if (before === null || after === null) return 'price missing'
  const change = minus(after, before)
  if (Number(change) === 0) return 'none'
  const sign = Number(change) > 0 ? '+' : ''
  const share = Number(before) === 0 ? '' : `, ${sign}${formatPercent(Number(change) / Number(before))}`
  return `${sign}${formatMoney({ amount: change, currency }, placesOf(then))}${share}`
}
