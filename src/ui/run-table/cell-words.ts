import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatMoney } from '#src/core/format/money.ts'
import { formatValue } from '#src/core/format/number.ts'
import type { TableCell } from '#src/protocol/runs-table.ts'
import type { ColumnLook } from './column-look.ts'

/** A value as the server sends it: durations in seconds, moments in ms since 1970, what is not finite by its name, tags as a list. */
export type CellValue = Exclude<TableCell, string[]> | readonly string[]

/** A cell in words: as it is read, and exactly, for the hover and for copies that are reckoned with. */
export interface CellWords {
  /** Empty: the run has no such value. */
  text: string
  exact: string
  /** A number that is not finite, such as NaN. */
  isBad: boolean
}

const NOTHING: CellWords = { text: '', exact: '', isBad: false }
const NOT_FINITE: Readonly<Record<string, string>> = { NaN: 'NaN', Infinity: '∞', '-Infinity': '−∞' }

/** The words of a value; `currency` is that of the workspace. */
export function cellWords(look: Pick<ColumnLook, 'field' | 'type'>, value: CellValue, currency: string): CellWords {
  if (value === null || value === '') return NOTHING
  if (typeof value === 'boolean') return plain(value ? 'true' : 'false')
  if (typeof value === 'object') return plain(value.join(', '))
  if (typeof value === 'string') return wordsOfText(look, value)
  if (look.type === 'moment') return momentWords(value)
  if (look.type === 'duration') return { text: formatDuration(value), exact: `${value} s`, isBad: false }
  if (look.field.kind === 'plain') {
    if (look.field.name === 'cost')
      return { text: formatMoney({ amount: String(value), currency }), exact: `${value} ${currency}`, isBad: false }
    if (look.field.name === 'tokens') return { text: formatCount(value), exact: formatExactCount(value), isBad: false }
    return plain(String(value))
  }
  if (look.field.kind === 'metric' && look.field.reading === 'count')
    return { text: formatCount(value), exact: formatExactCount(value), isBad: false }
  return { text: formatValue(value), exact: String(value), isBad: !Number.isFinite(value) }
}

const plain = (text: string): CellWords => ({ text, exact: text, isBad: false })

function wordsOfText(look: Pick<ColumnLook, 'type'>, value: string): CellWords {
  if (look.type === 'number' && value in NOT_FINITE)
    return { text: NOT_FINITE[value] ?? value, exact: value, isBad: true }
  if (look.type === 'moment') {
    const at = Date.parse(value)
    return Number.isNaN(at) ? plain(value) : momentWords(at)
  }
  return plain(value)
}

/** Local: the clock time of today, the day of another day, the month of another year; the exact one is UTC. */
function momentWords(at: number): CellWords {
  const date = new Date(at)
  const now = new Date()
  const exact = date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
  const two = (part: number) => String(part).padStart(2, '0')
  const text =
    now.toDateString() === date.toDateString()
      ? `${two(date.getHours())}:${two(date.getMinutes())}`
      : now.getFullYear() === date.getFullYear()
        ? `${date.getDate()} ${MONTHS[date.getMonth()]}`
        : `${MONTHS[date.getMonth()]} ${date.getFullYear()}`
  return { text, exact, isBad: false }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
