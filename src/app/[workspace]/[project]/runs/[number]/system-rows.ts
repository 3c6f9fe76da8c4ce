import { formatBytes } from '#src/core/format/bytes.ts'
import { formatNumber, formatValue } from '#src/core/format/number.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'

/** A telemetry key in words: `system/{node}/cpu.util` is "CPU" in percent. */
export interface SystemRow {
  key: string
  node: string
  word: string
  value: string
  unit: string
}

const WORDS: Readonly<Record<string, [word: string, unit: string]>> = {
  'cpu.util': ['CPU', '%'],
  'mem.pct': ['Memory', '%'],
  'cpu.pressure': ['CPU pressure', '%'],
  'mem.used_bytes': ['Memory used', 'bytes'],
  'proc.mem_bytes': ['Memory of the run', 'bytes'],
  'gpu.util': ['GPU', '%'],
  'gpu.mem_bytes': ['GPU memory used', 'bytes'],
  'gpu.mem_pct': ['GPU memory', '%'],
  'gpu.power_w': ['Power', 'W'],
  'gpu.temp_c': ['Temperature', '°C'],
}

/** What a page looks for, to name what this machine does not tell. */
const EXPECTED: readonly [word: string, name: RegExp][] = [
  ['GPU', /gpu.*util/],
  ['GPU memory', /gpu.*mem/],
  ['Power', /power/],
  ['Temperature', /temp/],
]

export function systemRows(summaries: readonly MetricSummary[]): SystemRow[] {
  return summaries
    .filter((s) => s.key.startsWith('system/'))
    .sort((a, b) => a.key.localeCompare(b.key, 'en'))
    .map((summary) => {
      const [, node = '', ...rest] = summary.key.split('/')
      const name = rest.join('/')
      const index = /(\d+)/.exec(name)?.[1]
      const plain = name.replace(/[./]?\d+/, '')
      const [word, unit] = WORDS[plain] ?? [name === '' ? node : name, '']
      const last = typeof summary.last_value === 'number' ? summary.last_value : Number.NaN
      return {
        key: summary.key,
        node: name === '' ? '' : node,
        word: index === undefined || WORDS[plain] === undefined ? word : `${word} ${index}`,
        value: unit === 'bytes' ? formatBytes(last) : unit === '%' ? formatNumber(last, 1) : formatValue(last),
        unit: unit === 'bytes' ? '' : unit,
      }
    })
}

/** Words for what is usually measured and was not. */
export const notAvailable = (summaries: readonly MetricSummary[]): string[] =>
  EXPECTED.filter(([, name]) => !summaries.some((s) => s.key.startsWith('system/') && name.test(s.key))).map(
    ([word]) => word,
  )
