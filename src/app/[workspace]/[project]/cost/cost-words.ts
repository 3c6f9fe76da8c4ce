/** The cost page in words: its sentence, its foot, and what is not known. */
import { formatExactCount } from '#src/core/format/count.ts'
import { formatMoney } from '#src/core/format/money.ts'
import { formatPercent } from '#src/core/format/number.ts'
import type { LineageCost } from '#src/protocol/cost.ts'
import type { PriceUse } from '#src/protocol/prices.ts'
import { timeLack, timeWords, type UnitChoice } from '#src/ui/cost/cost-units.ts'
import type { Bar, Waterfall } from '#src/ui/cost/prepare-waterfall.ts'
import { lackWords, shareOf, totalWords } from '#src/ui/cost/totals.ts'

const SMALL = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']

const counted = (n: number, one: string, many: string): string =>
  `${SMALL[n] ?? formatExactCount(n)} ${n === 1 ? one : many}`

/** Parts of the page's sentence; the strong ones are its numbers. */
export type Words = { text: string; isStrong?: boolean }[]

/** "The model cost 224 s, $0.0050. Another 112 s, 33 % of the project, went to five branches that were not continued." */
export function sentenceOf(data: LineageCost, { bars }: Waterfall, choice: UnitChoice): Words {
  const model = bars.find((bar) => bar.group === 'model')
  if (!model) return []
  const untold = model.hours === 0 ? timeLack(model.total, []) : null
  if (untold !== null && model.total.amounts.length === 0)
    return [
      { text: 'What the model cost is not known: ' },
      { text: untold === 'not published' ? 'nobody published it' : 'no run told its hardware', isStrong: true },
      { text: '.' },
    ]
  const amounts = (bar: Pick<Bar, 'hours' | 'total'>) =>
    `${timeWords(bar.hours)}, ${totalWords(bar.total, choice.currency)}`
  if (data.view !== 'full') {
    const others = data.compared.length - 1
    const what = data.view === 'marginal' ? 'alone costs' : 'carries'
    const why = data.view === 'marginal' ? 'what no other of them uses' : 'shared stages divided by their users'
    return [
      { text: `Beside ${counted(others, 'other leaf', 'other leaves')} ${data.leaf.name} ${what} ` },
      { text: totalWords(data.totals.view, choice.currency), isStrong: true },
      { text: ` of ${totalWords(data.totals.union, choice.currency)}: ${why}.` },
    ]
  }
  const branches = bars.filter((bar) => bar.group === 'branch')
  const waste = bars.filter((bar) => bar.group === 'waste')
  const words: Words = [{ text: 'The model cost ' }, { text: amounts(model), isStrong: true }, { text: '.' }]
  if (branches.length > 0) {
    const hours = branches.reduce((sum, bar) => sum + bar.hours, 0)
    words.push(
      { text: ' Another ' },
      { text: `${timeWords(hours)}, ${shareWords(bars, branches)}`, isStrong: true },
      {
        text: ` of the project, went to ${counted(branches.length, 'branch that was', 'branches that were')} not continued.`,
      },
    )
  }
  if (waste.length > 0) {
    const hours = waste.reduce((sum, bar) => sum + bar.hours, 0)
    words.push({ text: ` ${timeWords(hours)} went to other work: ${waste.map((bar) => bar.name).join(', ')}.` })
  }
  return words
}

/** The share of the project that some bars are, by device time. */
function shareWords(bars: readonly Bar[], of: readonly Bar[]): string {
  const project = bars.find((bar) => bar.group === 'project')
  if (!project || project.hours === 0) return '0 %'
  return formatPercent(of.reduce((sum, bar) => sum + bar.hours, 0) / project.hours)
}

/** "cpu-core: $0.04 per device-hour, assumed, no price list (priced 2026-11-24)". */
export function priceWords(price: PriceUse): string {
  const where = [price.provider, price.region, price.commitment].filter((word) => word !== null).join(', ')
  const span =
    price.paid === null && price.low !== null && price.high !== null
      ? `, from ${formatMoney({ amount: price.low, currency: price.currency })} to ${formatMoney({ amount: price.high, currency: price.currency })}`
      : ''
  const kind = price.paid !== null ? 'paid' : price.assumed ? 'assumed' : 'list price'
  const day = price.priced_on ?? price.valid_from
  return `${price.device}${where ? ` (${where})` : ''} ${formatMoney({ amount: price.per_hour, currency: price.currency })} per device-hour, ${kind}${span}; ${price.source}${day ? `, ${day}` : ''}`
}

/** Sentences below the table: prices, what lacks one, what is not available, what no total holds. */
export function footOf(data: LineageCost, project: Bar | undefined): string[] {
  const all = project?.total.lacks ?? []
  const unpublished = all.filter(({ why }) => why === 'not_published').map(({ what }) => what)
  const lacks = project ? lackWords({ ...project.total, lacks: all.filter(({ why }) => why !== 'not_published') }) : []
  const runs = project?.total.runs_lacking ?? 0
  const stages = [...data.stages, ...data.abandoned]
  const energy = stages.find((stage) => stage.role === 'stage' && stage.energy.state === 'not_available')?.energy
  const mfu = stages.find((stage) => stage.role === 'stage' && stage.mfu.state === 'not_available')?.mfu
  return [
    ...data.sources.map((price) => `Price: ${priceWords(price)}.`),
    ...(lacks.length > 0
      ? [`Price missing for ${lacks.join(', ')}: totals are without ${runs} ${runs === 1 ? 'run' : 'runs'}.`]
      : []),
    ...(unpublished.length > 0 ? [`Cost not published: ${unpublished.join(', ')}.`] : []),
    ...data.rates.map((r) => `Rate: 1 ${r.from} = ${r.rate} ${r.to} on ${r.on}, ${r.source}.`),
    'Allocated time is charged, used or not.',
    ...(energy?.state === 'not_available' ? [`Energy and carbon: ${energy.reason}.`] : []),
    ...(mfu?.state === 'not_available' ? [`MFU: ${mfu.reason}.`] : []),
    `Excluded: ${data.excludes.join('; ') || 'nothing that was reported'}.`,
    ...data.warnings,
  ]
}

/** The share of a bar in the project, in the unit; null where either is not known. */
export function shareOfBar(bar: Bar, project: Bar, choice: UnitChoice): number | null {
  if (choice.unit === 'money' && choice.currency !== null) return shareOf(bar.total, project.total, choice.currency)
  if (bar.value === null || !project.value) return null
  return bar.value / project.value
}
