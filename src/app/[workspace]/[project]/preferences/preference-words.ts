/** What the page of preferences says: its sentence, its tables and the rules behind its numbers. Pure. */
import { formatExactCount } from '#src/core/format/count.ts'
import { formatNumber, formatPercent } from '#src/core/format/number.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { PreferenceRatings, RatedModelView } from '#src/protocol/preferences.ts'

export type Pair = PreferenceRatings['pairs'][number]
type Share = Pick<Pair, 'share' | 'low' | 'high'>

/** "1 battle", "1,200 battles". */
const count = (n: number, word: string): string => `${formatExactCount(n)} ${word}${n === 1 ? '' : 's'}`

/** "65 % (55 to 74)". */
export const shareWords = ({ share, low, high }: Share): string =>
  `${formatPercent(share)} (${formatNumber(low * 100, 0)} to ${formatNumber(high * 100, 0)})`

/** "1108 (1062 to 1160)"; the anchor has no interval of its own. */
export function ratingWords(model: RatedModelView, anchor: string | null): string {
  if (model.rating === null) return 'not rated'
  const rating = formatNumber(model.rating, 0)
  if (model.id === anchor) return `${rating} (anchor)`
  if (model.rating_low === null || model.rating_high === null) return `${rating} (no interval)`
  return `${rating} (${formatNumber(model.rating_low, 0)} to ${formatNumber(model.rating_high, 0)})`
}

export const nameOf = (data: PreferenceRatings, id: string | null): string =>
  data.models.find((model) => model.id === id)?.name ?? ''

/** How the models stand, in one sentence; those that share the first rank are said together. */
export function sentenceOf(data: PreferenceRatings): string {
  const [best] = data.models
  if (!best) return data.all === 0 ? 'No battle yet' : 'No battle is found here'
  const of = `${count(data.used, 'battle')} of ${count(data.models.length, 'model')}`
  if (data.unrated) return `${of}; no ratings: win shares in their place`
  const first = data.models.filter((model) => model.rank === 1)
  if (first.length === data.models.length && best.rank !== null) return `${of}; no difference is certain`
  if (first.length > 1) return `${of}; ${listed(first.map(({ name }) => name))} share the first rank`
  return `${of}; ${best.name} is preferred, ${ratingWords(best, data.anchor)}`
}

/** "a, b and c". */
const listed = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part !== '').join(' and ')

/** What the numbers are made of. */
export function notesOf(data: PreferenceRatings, filter: { category: string | null; rater: string | null }): string[] {
  const only = [
    filter.category === null ? null : `category ${filter.category || 'without a name'}`,
    filter.rater === null ? null : `rater ${filter.rater}`,
  ].filter((word) => word !== null)
  const read = data.used < data.found && data.ties === 'half' ? `, the newest of ${formatExactCount(data.found)}` : ''
  const ties = data.ties === 'half' ? 'A tie counts half to each side.' : 'Ties are left out.'
  const rated =
    data.anchor === null
      ? 'Win shares are against whomever a model met.'
      : `Bradley–Terry ratings, ${nameOf(data, data.anchor)} set to 1000; 400 points are odds of ten to one. Intervals: 95 %, ${data.rounds} resamples of prompts. Rank: one more than the models whose interval lies wholly above.`
  const shares = data.pairs.some(({ method }) => method === 'prompts')
    ? 'Win shares: Wilson’s 95 % interval; over prompts where a prompt was judged more than once.'
    : 'Win shares: Wilson’s 95 % interval.'
  return [
    `${count(data.used, 'battle')}${read}${only.length > 0 ? ` of ${only.join(', ')}` : ''}. ${ties}`,
    rated,
    shares,
    'Length: geometric mean of own length over the other’s. Longer answers are often preferred.',
    'Elo, in order: battle by battle as they were judged (K = 4, from 1000). It depends on that order and has no interval, so it ranks nobody.',
  ]
}

/** Models with rating, rank and win share. */
export function ratingTable(data: PreferenceRatings, notes: readonly string[]): TableText {
  return {
    title: 'Preference ratings',
    table: {
      columns: [
        { name: 'Model', align: 'left' },
        { name: 'Rank', align: 'right' },
        { name: 'Rating', align: 'right' },
        { name: 'Battles', align: 'right' },
        { name: 'Won', align: 'right' },
        { name: 'Tied', align: 'right' },
        { name: 'Lost', align: 'right' },
        { name: 'Win share', align: 'right' },
        { name: 'Length', align: 'right' },
        { name: 'Elo, in order', align: 'right' },
      ],
      rows: data.models.map((model) => [
        { text: model.name },
        { text: model.rank === null ? '–' : String(model.rank) },
        { text: ratingWords(model, data.anchor) },
        { text: formatExactCount(model.wins + model.ties + model.losses) },
        { text: formatExactCount(model.wins) },
        { text: formatExactCount(model.ties) },
        { text: formatExactCount(model.losses) },
        { text: shareWords(model) },
        { text: lengthWords(model.length_ratio) },
        { text: model.elo === null ? '–' : formatNumber(model.elo, 0) },
      ]),
    },
    footRows: 0,
    notes,
  }
}

/** "×1.20"; lengths that nobody told are not told. */
export const lengthWords = (ratio: number | null): string =>
  ratio === null ? 'not told' : `×${formatNumber(ratio, 2)}`

/** A pair from the side of a row: the model at `row` against the one at `column`; null when they never met. */
export function pairAt(data: PreferenceRatings, row: number, column: number): Pair | null {
  for (const pair of data.pairs) {
    if (pair.a === row && pair.b === column) return pair
    if (pair.a === column && pair.b === row) return turnedPair(pair)
  }
  return null
}

const turnedPair = (pair: Pair): Pair => ({
  ...pair,
  a: pair.b,
  b: pair.a,
  wins: pair.losses,
  losses: pair.wins,
  share: 1 - pair.share,
  low: 1 - pair.high,
  high: 1 - pair.low,
  length_ratio: pair.length_ratio === null ? null : 1 / pair.length_ratio,
})

/** Whether a share is above or below a half for certain. */
export const certainty = ({ low, high }: Share): 'gained' | 'lost' | null =>
  low > 0.5 ? 'gained' : high < 0.5 ? 'lost' : null

/** How often the row's model was preferred to the column's. */
export function winTable(data: PreferenceRatings, notes: readonly string[]): TableText {
  return {
    title: 'Win share of the row over the column',
    table: {
      columns: [
        { name: 'Model', align: 'left' },
        ...data.models.map(({ name }) => ({ name: `over ${name}`, align: 'right' as const })),
      ],
      rows: data.models.map(({ name }, row) => [
        { text: name },
        ...data.models.map((_, column) => {
          const pair = pairAt(data, row, column)
          return { text: row === column ? '' : pair ? `${shareWords(pair)}, n ${sizeOf(pair)}` : 'never met' }
        }),
      ]),
    },
    footRows: 0,
    notes,
  }
}

const sizeOf = ({ wins, ties, losses }: Pair): string => formatExactCount(wins + ties + losses)

/** How far raters agree, pair by pair. */
export function agreementTable(data: PreferenceRatings): TableText {
  return {
    title: 'Agreement of raters',
    table: {
      columns: [
        { name: 'Raters', align: 'left' },
        { name: 'Cases both judged', align: 'right' },
        { name: 'Agreed', align: 'right' },
        { name: 'κ', align: 'right' },
      ],
      rows: data.agreement.pairs.map(({ raters, cases, observed, kappa }) => [
        { text: raters.join(' and ') },
        { text: formatExactCount(cases) },
        { text: formatPercent(observed) },
        { text: kappa === null ? 'not defined' : formatNumber(kappa, 2) },
      ]),
    },
    footRows: 0,
    notes: [],
  }
}

/** How many cases were judged twice, and what a usual κ is. */
export function agreementNote({ agreement }: PreferenceRatings): string {
  const { cases, judged_twice } = agreement
  if (judged_twice === 0)
    return `None of ${count(cases, 'case')} was judged by two raters; let two judge a fifth of them to know how far they agree.`
  return `${formatExactCount(judged_twice)} of ${count(cases, 'case')} (${formatPercent(judged_twice / cases)}) were judged by two raters or more. A κ near 0.45 is usual for preferences.`
}

/** "The answer shown first won 53 % (43 to 63) of 100 decided battles."; null where the order was not told. */
export const orderNote = ({ first_shown }: PreferenceRatings): string | null =>
  first_shown === null
    ? null
    : `The answer shown first won ${shareWords(first_shown)} of ${count(first_shown.decided, 'decided battle')}${
        certainty(first_shown) === null ? '' : ': the order sways the verdict'
      }.`
