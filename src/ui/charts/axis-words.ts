import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatDuration, formatHours } from '#src/core/format/duration.ts'
import { formatMoney } from '#src/core/format/money.ts'
import { formatValue } from '#src/core/format/number.ts'
import { isLineageAxis, type XAxis } from '#src/core/metrics/chart-choices.ts'

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** Local time of day, 14:06:45. */
export const clockTime = (epochMs: number): string => clock.format(epochMs)

/** The unit of an x axis in a word. */
export const X_WORDS: Readonly<Record<XAxis, string>> = {
  step: 'step',
  tokens: 'tokens',
  relative: 'time since start',
  process: 'process time',
  time: 'clock time',
  lineage_tokens: 'tokens since root',
  lineage_flops: 'FLOPs since root',
  lineage_device_hours: 'device-hours since root',
  lineage_cost: 'cost since root',
  metric: 'another metric',
}

/** An x axis: for `metric` with its name, for cost with its currency where that is known. */
export interface AxisName {
  axis: XAxis
  xMetric: string | null
  currency?: string | null
}

/** What lies on an x axis, in words. */
export function xWord({ axis, xMetric, currency }: AxisName): string {
  if (axis === 'lineage_cost' && currency) return `${currency} since root`
  return (axis === 'metric' && xMetric) || X_WORDS[axis]
}

/** Whether an x axis is time, in ms. */
export const isTimeAxis = (axis: XAxis): boolean => axis === 'time' || axis === 'relative' || axis === 'process'

/** Whether an x axis has whole numbers only. */
export const isWholeAxis = (axis: XAxis): boolean => axis === 'step' || axis === 'tokens' || axis === 'lineage_tokens'

/** Whether an x axis has any number on it, none of them a time. */
const isMeasured = (axis: XAxis): boolean => axis === 'metric' || (isLineageAxis(axis) && axis !== 'lineage_tokens')

/** A mark of the x axis. */
export function xMark(axis: XAxis, value: number): string {
  if (axis === 'time') return clockTime(value)
  if (isTimeAxis(axis)) return value === 0 ? '0' : shortDuration(value / 1000)
  if (isMeasured(axis)) return yMark(value)
  return formatCount(value)
}

/** A place on the x axis, exact: "Step 1,204", "1,905,000 tokens", "2 h 14 m", "$12.31 since the root". */
export function xReading({ axis, xMetric, currency }: AxisName, value: number): string {
  switch (axis) {
    case 'step':
      return `Step ${formatExactCount(value)}`
    case 'time':
      return clockTime(value)
    case 'relative':
      return `${formatDuration(value / 1000)} in`
    case 'process':
      return `${formatDuration(value / 1000)} of process time`
    case 'tokens':
      return `${formatExactCount(value)} tokens`
    case 'lineage_tokens':
      return `${formatExactCount(value)} tokens since the root`
    case 'lineage_flops':
      return `${formatFlops(value)} FLOPs since the root`
    case 'lineage_cost':
      return `${formatMoney({ amount: String(value), currency: currency ?? '' })} since the root`
    case 'lineage_device_hours':
      return `${formatHours(value, 4)} device-hours since the root`
    case 'metric':
      return `${xMetric ?? 'x'} ${readingValue(value)}`
  }
}

/** Every digit below a quadrillion, four of them above: 1.240e18. */
const formatFlops = (value: number): string =>
  value < 1e15 ? formatExactCount(Math.round(value)) : value.toExponential(3).replace('e+', 'e')

/** 90 s is 1m30, whole units alone: 30 s, 2 m, 3 h. */
function shortDuration(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  if (seconds % 60 === 0 && seconds < 3600) return `${seconds / 60} m`
  return formatDuration(seconds)
}

/** A mark of the y axis: short, with letters from 1,000 on and powers below 0.001. */
export function yMark(value: number): string {
  const size = Math.abs(value)
  if (size >= 1_000 && size < 1e15) return formatCount(value).replace(/\.0+(?=[kMBT]$)|(?<=\.\d)0(?=[kMBT]$)/, '')
  if (size === 0 || size >= 0.001) return formatValue(value)
  const [mantissa = '', exponent = ''] = value.toExponential(1).replace('.0', '').split('e')
  return `${mantissa}e${exponent}`.replaceAll('-', '−')
}

/** A value of a line as it is read: whole numbers exact with commas, others in four significant digits. */
export const readingValue = (value: number): string =>
  Number.isSafeInteger(value) ? formatExactCount(value) : formatValue(value)
