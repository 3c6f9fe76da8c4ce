import { STAGE_KINDS, type StageKind } from '#src/core/experiments/stage-kinds.ts'
import { cellWords } from './cell-words.ts'
import { type ColumnLook, columnLook } from './column-look.ts'
import type { GroupAggregate, TableGroup } from './group-tree.ts'

/** The value of a group in words, with the icon of its stage where it is a kind of stage. */
export function groupName({ field, value }: TableGroup, currency: string): { words: string; kind: StageKind | null } {
  const look = columnLook(field)
  const text = look ? cellWords(look, value, currency).text : String(value ?? '')
  const key = look?.title ?? field
  if (text === '') return { words: `no ${key}`, kind: null }
  const kind = STAGE_KINDS.find((one) => one === value) ?? null
  return { words: look?.type === 'text' ? text : `${key} ${text}`, kind }
}

export interface GroupCell {
  text: string
  spread: string
  /** All that is known of the column. */
  title: string
}

/** Of these the sum says most. */
const isAmount = (look: ColumnLook): boolean =>
  look.field.kind === 'plain' &&
  (look.field.name === 'cost' || look.field.name === 'tokens' || look.field.name === 'duration')

/**
 * What a group has in a column: amounts are added; all else is its median with the standard deviation, where there are two values or
 * more. An outer group, of which only the mean is known, shows that and says so. Null where there are no numbers.
 */
export function groupCell(group: TableGroup, look: ColumnLook, currency: string): GroupCell | null {
  const known = group.aggregates.get(look.text)
  if (!known || look.type === 'moment' || (look.field.kind === 'plain' && look.field.name === 'number')) return null
  const words = (value: number | null) => (value === null ? '–' : cellWords(look, value, currency).text)
  const title = titleOf(known, words)
  if (isAmount(look)) return { text: words(known.sum), spread: 'sum', title }
  const isMean = known.median === null
  const middle = isMean ? known.mean : known.median
  const spread =
    known.sd !== null && known.n > 1
      ? `±${words(Number(known.sd.toPrecision(2)))}`
      : isMean && known.n > 1
        ? 'mean'
        : `of ${known.n}`
  return { text: words(middle), spread, title }
}

const titleOf = (known: GroupAggregate, words: (value: number | null) => string): string =>
  [
    `${known.n} values`,
    `mean ${words(known.mean)}`,
    `median ${words(known.median)}`,
    `SD ${words(known.sd)}`,
    `${words(known.min)} to ${words(known.max)}`,
    `sum ${words(known.sum)}`,
  ].join(', ')
