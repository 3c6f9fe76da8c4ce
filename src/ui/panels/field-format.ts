import { formatExactCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatValue } from '#src/core/format/number.ts'
import type { Aggregate } from '#src/core/panels/panel-content.ts'
import { yMark } from '#src/ui/charts/axis-words.ts'
import { columnLook, columnWords } from '#src/ui/run-table/column-look.ts'

/** A field as people say it: `loss (min)`, `lr (config)`. */
export function fieldName(field: string): string {
  const look = columnLook(field)
  return look ? columnWords(look) : field
}

/** A value of a field as it is read: four significant digits, whole numbers exact, durations and moments as such. */
export function fieldValue(field: string, value: number): string {
  const type = columnLook(field)?.type
  if (type === 'duration') return formatDuration(value)
  if (type === 'moment') return momentText(value)
  return Number.isSafeInteger(value) ? formatExactCount(value) : formatValue(value)
}

/** A mark of an axis of a field: short. */
export function fieldMark(field: string, value: number): string {
  const type = columnLook(field)?.type
  if (type === 'duration') return value === 0 ? '0' : formatDuration(value)
  return type === 'moment' ? momentText(value) : yMark(value)
}

const MOMENT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
const momentText = (epochMs: number): string => MOMENT.format(epochMs)

/** What the numbers of several runs become, in words. */
export const AGGREGATE_WORDS: Readonly<Record<Aggregate, string>> = {
  mean: 'mean',
  median: 'median',
  min: 'least',
  max: 'greatest',
  sum: 'sum',
  count: 'number of runs',
}
