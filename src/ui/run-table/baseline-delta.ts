import { formatDuration } from '#src/core/format/duration.ts'
import { formatMoney } from '#src/core/format/money.ts'
import { formatValue } from '#src/core/format/number.ts'
import type { CellValue } from './cell-words.ts'
import type { ColumnLook } from './column-look.ts'

/** A value told against that of the baseline. */
export interface BaselineDelta {
  /** Signed, as a reader would subtract: value − baseline. */
  text: string
  arrow: '▲' | '▼' | ''
  /** What the change is; empty where neither direction is better. */
  word: 'better' | 'worse' | 'same' | 'more' | 'less' | ''
  tone: 'gained' | 'lost' | 'grey'
}

/**
 * The change from the baseline's value to this one; null where either is missing or no number. ▲ is better and ▼ worse, whichever sign
 * that has; money and time are told as more or less, since more is not worse by itself.
 */
export function baselineDelta(
  look: Pick<ColumnLook, 'field' | 'type' | 'orientation'>,
  value: CellValue,
  baseline: CellValue,
  currency: string,
): BaselineDelta | null {
  if (typeof value !== 'number' || typeof baseline !== 'number') return null
  if (!Number.isFinite(value) || !Number.isFinite(baseline)) return null
  if (look.type === 'moment' || (look.field.kind === 'plain' && look.field.name === 'number')) return null
  const change = value - baseline
  if (change === 0) return { text: '±0', arrow: '', word: 'same', tone: 'grey' }
  const size = Math.abs(change)
  const printed =
    look.type === 'duration'
      ? formatDuration(size)
      : look.field.kind === 'plain' && look.field.name === 'cost'
        ? formatMoney({ amount: size.toFixed(12), currency })
        : formatValue(Number(size.toPrecision(3)))
  const text = `${change > 0 ? '+' : '−'}${printed}`
  if (look.orientation === null) {
    const isAmount = look.field.kind === 'plain'
    return { text, arrow: '', word: isAmount ? (change > 0 ? 'more' : 'less') : '', tone: 'grey' }
  }
  const isBetter = look.orientation === 'higher' ? change > 0 : change < 0
  return {
    text,
    arrow: isBetter ? '▲' : '▼',
    word: isBetter ? 'better' : 'worse',
    tone: isBetter ? 'gained' : 'lost',
  }
}
