import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import { groupHeads } from './group-words.ts'
import type { PreparedChart } from './prepared-chart.ts'

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
  process: 'ms_of_process_time',
  time: 'epoch_ms',
  lineage_tokens: 'tokens_since_root',
  lineage_flops: 'flops_since_root',
  lineage_device_hours: 'device_hours_since_root',
  lineage_cost: 'cost_since_root',
  metric: 'x',
}

/**
 * The loaded points of a chart as CSV with CRLF (RFC 4180), one row per point or bucket. `value` is the bucket's mean where `min` and
 * `max` are filled. Groups have a row per bucket: their name, their runs, the center, its band and how many runs had a value.
 *
 * @param runName what a run is called; absent: by its number
 */
export function linesCsv(chart: PreparedChart, runName?: (run: number) => string): string {
  const nameOf = (run: number) => runName?.(run) ?? run
  const xHead = cell(xHeadOf(chart))
  const shape = chart.lines.find((line) => line.group)?.group?.shape
  if (shape) return groupsCsv(chart, xHead, groupHeads(shape), nameOf)
  const rows = [['run', 'metric', 'superseded', xHead, 'value', 'min', 'max'].join(',')]
  for (const { run, metric, isSuperseded, data } of chart.lines) {
    for (let i = 0; i < data.x.length; i++) {
      const numbers = [data.x[i] ?? '', data.y[i] ?? '', data.low?.[i] ?? '', data.high?.[i] ?? '']
      rows.push([nameOf(run), metric, isSuperseded ? 'yes' : 'no', ...numbers].map(cell).join(','))
    }
  }
  return `${rows.join('\r\n')}\r\n`
}

/** The head of x; money with its currency: `usd_since_root`. */
function xHeadOf({ axis, xMetric, currency }: PreparedChart): string {
  if (axis === 'lineage_cost' && currency) return `${currency.toLowerCase()}_since_root`
  return (axis === 'metric' && xMetric) || X_HEADS[axis]
}

function groupsCsv(
  chart: PreparedChart,
  xHead: string,
  heads: readonly string[],
  nameOf: (run: number) => string | number,
): string {
  const rows = [['group', 'runs', 'metric', xHead, ...heads].join(',')]
  for (const { group, metric, data, isMember } of chart.lines) {
    if (isMember) continue
    const names = [group?.name ?? '', (group?.runs ?? []).map(nameOf).join(' '), metric]
    for (let i = 0; i < data.x.length; i++) {
      const numbers = [
        data.x[i] ?? '',
        data.y[i] ?? '',
        data.low?.[i] ?? '',
        data.high?.[i] ?? '',
        data.nRuns?.[i] ?? '',
      ]
      rows.push([...names, ...numbers].map(cell).join(','))
    }
  }
  return `${rows.join('\r\n')}\r\n`
}
