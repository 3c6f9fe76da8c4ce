import type { XAxis } from '#src/protocol/chart.ts'
import type { PreparedChart } from './prepare-lines.ts'

/** A cell of a CSV file; text that a spreadsheet would take for a formula gets a quote before it. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const X_HEADS: Readonly<Record<XAxis, string>> = {
  step: 'step',
  tokens: 'tokens',
  relative: 'ms_since_start',
  time: 'epoch_ms',
}

/**
 * The loaded points of a chart as CSV with CRLF (RFC 4180), one row per point or bucket. `value` is the bucket's mean where `min` and
 * `max` are filled.
 */
export function linesCsv(chart: PreparedChart): string {
  const rows = [[`run`, 'metric', 'superseded', X_HEADS[chart.axis], 'value', 'min', 'max'].join(',')]
  for (const { run, metric, isSuperseded, data } of chart.lines) {
    for (let i = 0; i < data.x.length; i++) {
      const numbers = [data.x[i] ?? '', data.y[i] ?? '', data.low?.[i] ?? '', data.high?.[i] ?? '']
      rows.push([run, metric, isSuperseded ? 'yes' : 'no', ...numbers].map(cell).join(','))
    }
  }
  return `${rows.join('\r\n')}\r\n`
}
