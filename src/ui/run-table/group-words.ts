import { STAGE_KINDS, type StageKind } from '#src/core/experiments/stage-kinds.ts'
import { type BaselineDelta, baselineDelta } from './baseline-delta.ts'
import { type CellValue, cellWords } from './cell-words.ts'
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
  /** Against the baseline; null without one. */
  delta: BaselineDelta | null
  /** All that is known of the column. */
  title: string
}

/** Of these the sum says most. */
const isAmount = (look: ColumnLook): boolean =>
  look.field.kind === 'plain' &&
  (look.field.name === 'cost' || look.field.name === 'tokens' || look.field.name === 'duration')

/**
 * What a group has in a column: amounts are added; all else is its median with the standard deviation, where there are two values or
 * more; with a baseline the change to it. An outer group, of which only the mean is known, shows that and says so. Null where there are no
 * numbers.
 */
export function groupCell(
  group: TableGroup,
  look: ColumnLook,
  currency: string,
  baseline: CellValue | undefined = null,
): GroupCell | null {
  const known = group.aggregates.get(look.text)
  if (!known || look.type === 'moment' || (look.field.kind === 'plain' && look.field.name === 'number')) return null
  const words = (value: number | null) => (value === null ? '–' : cellWords(look, value, currency).text)
  const title = titleOf(known, words)
  if (isAmount(look)) return { text: words(known.sum), spread: 'sum', title, delta: null }
  const isMean = known.median === null
  const middle = isMean ? known.mean : known.median
  const spread =
    known.sd !== null && known.n > 1
      ? `±${words(Number(known.sd.toPrecision(2)))}`
      : isMean && known.n > 1
        ? 'mean'
        : `of ${known.n}`
  const delta = middle === null || look.orientation === null ? null : baselineDelta(look, middle, baseline ?? null)
  return { text: words(middle), spread, title, delta }
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
