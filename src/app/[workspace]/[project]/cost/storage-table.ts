/** What is kept by stage, and what a month of it costs. Pure. */
import { storedPerMonth } from '#src/core/cost/stored.ts'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatMoney } from '#src/core/format/money.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { StoredCheckpoints } from '#src/protocol/stored-checkpoints.ts'

type Stage = StoredCheckpoints['stages'][number]

const KIND_WORDS: Readonly<Record<Stage['kind'], string>> = {
  weights: 'weights',
  adapter: 'adapter alone',
  merged: 'adapter merged into a copy of the base',
  outside: 'from outside',
}

/** A price per GB-month with where it comes from; unknown is unknown. */
export type StoragePrice =
  | { kind: 'known'; perGbMonth: string; currency: string; source: string }
  | { kind: 'unknown' }
  | { kind: 'refused'; why: string }

/**
 * The price that storage is reckoned with: the one typed into the page goes before the one of the newest entry of storage.
 *
 * @param typed USD per GB-month, as typed; null: nothing
 */
export function storagePrice({ price }: StoredCheckpoints, typed: string | null): StoragePrice {
  if (typed !== null) {
    try {
      storedPerMonth(0, typed.trim())
    } catch {
      return { kind: 'refused', why: `A price is a decimal of 0 or more, not ${typed}.` }
    }
    return { kind: 'known', perGbMonth: typed.trim(), currency: 'USD', source: 'as typed on this page' }
  }
  if (!price) return { kind: 'unknown' }
  const { per_gb_month: perGbMonth, currency, on, note } = price
  return { kind: 'known', perGbMonth, currency, source: `the entry of ${on}${note ? `, ${note}` : ''}` }
}

/** A row a stage, and their sum. */
export function storageTable(data: StoredCheckpoints, price: StoragePrice): TableText {
  const perMonth = (bytes: number) =>
    price.kind === 'known'
      ? formatMoney({ amount: storedPerMonth(Math.round(bytes), price.perGbMonth), currency: price.currency })
      : 'price missing'
  const sum = (pick: (stage: Stage) => number) => data.stages.reduce((all, stage) => all + pick(stage), 0)
  const text = (words: string) => ({ text: words })
  const unsized = sum((stage) => stage.unsized)
  const whole = sum((stage) => stage.bytes)
  const isUntold = (stage: Stage) => stage.bytes === 0 && stage.bytes_shared === 0
  const sharing = data.stages.filter((stage) => stage.bytes_shared > 0)
  return {
    title: 'What is kept',
    table: {
      columns: [
        { name: 'Stage', align: 'left' },
        { name: 'What', align: 'left' },
        { name: 'Checkpoints', align: 'right' },
        { name: 'Largest', align: 'right' },
        { name: 'All', align: 'right' },
        { name: 'Kept here', align: 'right' },
        { name: 'A month', align: 'right' },
      ],
      rows: [
        ...data.stages.map((stage) => [
          text(stage.experiment.name),
          text(KIND_WORDS[stage.kind]),
          text(formatExactCount(stage.checkpoints)),
          text(stage.largest === 0 ? 'size not told' : formatBytes(stage.largest)),
          text(isUntold(stage) ? 'size not told' : formatBytes(stage.bytes)),
          text(formatBytes(stage.bytes_here)),
          text(isUntold(stage) ? '' : perMonth(stage.bytes)),
        ]),
        [
          text('Project'),
          text(''),
          text(formatExactCount(sum((stage) => stage.checkpoints))),
          text(''),
          text(whole === 0 && unsized > 0 ? 'size not told' : formatBytes(whole)),
          text(formatBytes(sum((stage) => stage.bytes_here))),
          text(whole === 0 && unsized > 0 ? '' : perMonth(whole)),
        ],
      ],
    },
    footRows: 1,
    notes: [
      'checkpoints that were not deleted',
      price.kind === 'known'
        ? `Price: ${formatMoney({ amount: price.perGbMonth, currency: price.currency })} per GB-month, ${price.source}.`
        : 'Price of storage: not known. Type one above, or record an entry of storage in GB-months with the price of one.',
      ...(sharing.length > 0
        ? [
            `A file that stages share counts once, at the first of them: not counted again ${sharing.map((stage) => `${formatBytes(stage.bytes_shared)} of ${stage.experiment.name}`).join(', ')}.`,
          ]
        : []),
      ...(unsized > 0 ? [`Without ${unsized} of which nobody told a size.`] : []),
      'A GB of a price is 10⁹ bytes; a GiB is 2³⁰. In no total of the page until it is recorded among the other costs.',
    ],
  }
}
