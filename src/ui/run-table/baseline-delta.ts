import { formatNumber, formatValue } from '#src/core/format/number.ts'
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
 * that has; money, tokens and time are told in percent as more or less, since more is not worse by itself.
 */
export function baselineDelta(
  look: Pick<ColumnLook, 'field' | 'type' | 'orientation'>,
  value: CellValue,
  baseline: CellValue,
): BaselineDelta | null {
  if (typeof value !== 'number' || typeof baseline !== 'number') return null
  if (!Number.isFinite(value) || !Number.isFinite(baseline)) return null
  if (look.type === 'moment' || (look.field.kind === 'plain' && look.field.name === 'number')) return null
  const change = value - baseline
  if (change === 0) return { text: '±0', arrow: '', word: 'same', tone: 'grey' }
  const sign = change > 0 ? '+' : '−'
  if (look.field.kind === 'plain') {
    const word = change > 0 ? 'more' : 'less'
    return { text: baseline === 0 ? sign : `${sign}${percent(change / baseline)}`, arrow: '', word, tone: 'grey' }
  }
  const text = `${sign}${formatValue(Number(Math.abs(change).toPrecision(3)))}`
  if (look.orientation === null) return { text, arrow: '', word: '', tone: 'grey' }
  const isBetter = look.orientation === 'higher' ? change > 0 : change < 0
  return {
    text,
    arrow: isBetter ? '▲' : '▼',
    word: isBetter ? 'better' : 'worse',
    tone: isBetter ? 'gained' : 'lost',
  }
}

/** A share of the baseline in percent, whole from 10 % on. */
const percent = (share: number): string => {
  const size = 100 * Math.abs(share)
  return `${formatNumber(size, size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2)} %`
}
