import { telemetryOf, telemetryValue } from '#src/core/metrics/telemetry-words.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'

/** A telemetry key in words: `system/{node}/cpu.util` is "CPU" in percent. */
export interface SystemRow {
  key: string
  node: string
  word: string
  value: string
  unit: string
}

/** What a page looks for, to name what this machine does not tell. */
const EXPECTED: readonly [word: string, name: RegExp][] = [
  ['GPU', /gpu.*util/],
  ['GPU memory', /gpu.*mem/],
  ['Power', /power/],
  ['Temperature', /temp/],
]

export const systemRows = (summaries: readonly MetricSummary[]): SystemRow[] =>
  summaries
    .toSorted((a, b) => a.key.localeCompare(b.key, 'en'))
    .flatMap(({ key, last_value }) => {
      const told = telemetryOf(key)
      if (told === null) return []
      const last = typeof last_value === 'number' ? last_value : Number.NaN
      return [{ key, node: told.node, word: told.word, ...telemetryValue(last, told.unit) }]
    })

/** Words for what is usually measured and was not. */
export const notAvailable = (summaries: readonly MetricSummary[]): string[] =>
  EXPECTED.filter(([, name]) => !summaries.some((s) => s.key.startsWith('system/') && name.test(s.key))).map(
    ([word]) => word,
  )
