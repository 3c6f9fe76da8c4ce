/** Values of metrics and their changes in words: telemetry in its unit, whole numbers exact, the rest in four significant digits. Pure. */
import type { MetricNumber } from '#src/core/comparisons/metric-change.ts'
import { telemetryOf, telemetryValue } from '#src/core/metrics/telemetry-words.ts'
import { readingValue } from '#src/ui/charts/axis-words.ts'

const NOT_FINITE = { NaN: 'NaN', Infinity: '∞', '-Infinity': '−∞' } as const

/** "2.316", "2,187,706", "41.3 %", "2.09 MiB". */
export function metricWords(key: string, value: Exclude<MetricNumber, null>): string {
  if (typeof value === 'string') return NOT_FINITE[value]
  const unit = telemetryOf(key)?.unit ?? null
  if (unit === null) return readingValue(value)
  const told = telemetryValue(value, unit)
  return `${told.value} ${told.unit}`.trim()
}

/** A change with its sign, in as many digits as a value has: "+0.398", "−2.10e−7", "+12,300". */
export function changeOfMetric(key: string, delta: number): string {
  const exact = Number(Math.abs(delta).toPrecision(3))
  const told = metricWords(key, exact)
  // A percentage has one decimal, which a small change has nothing in.
  const size = told === metricWords(key, 0) ? `${readingValue(exact)} ${telemetryOf(key)?.unit ?? ''}`.trim() : told
  return `${delta < 0 ? '−' : '+'}${size}`
}
