import type { ChartAnswer, ChartSeries } from '../../protocol/chart.ts'
import type { ChartData, ChartLine } from '../../protocol/chart-body.ts'

/** The answer as JSON has it: arrays as base64 of their little-endian bytes. */
export const chartJson = ({ series, groups, ...chart }: ChartData): ChartAnswer => ({
  ...chart,
  series: series.map(lineJson),
  groups: groups.map(({ x, center, low, high, n_runs, ...group }) => ({
    ...group,
    x: base64(x),
    center: base64(center),
    ...(low && { low: base64(low) }),
    ...(high && { high: base64(high) }),
    n_runs: base64(n_runs),
  })),
})

/** One line as JSON has it. */
export const lineJson = ({ x, y, min, max, smoothed, ...line }: ChartLine): ChartSeries => ({
  ...line,
  x: base64(x),
  y: base64(y),
  ...(min && { min: base64(min) }),
  ...(max && { max: base64(max) }),
  ...(smoothed && { smoothed: base64(smoothed) }),
})

const base64 = (values: Float32Array | Float64Array | Uint16Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
