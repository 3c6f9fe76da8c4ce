/** Which charts a run page has, in which order. */
import { mainLoss } from '#src/core/lineage/main-loss.ts'
import { isTelemetryKey } from '#src/core/metrics/metric-key.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'

export interface ChartSection {
  /** The prefix before the last slash; empty for keys without one. */
  prefix: string
  keys: string[]
}

export interface MetricGroups {
  /** The curve that a reader looks at first; null when nothing looks like a loss. */
  main: string | null
  /** Drawn in the same picture: the other parts of a loss that is logged in parts. */
  beside: string[]
  sections: ChartSection[]
  system: string[]
}

/** More lines in the main picture would hide the first. */
const BESIDE_MAX = 3

/** Keys grouped by prefix, unprefixed ones first, then by the order of the alphabet; telemetry apart. */
export function groupMetrics(summaries: readonly Pick<MetricSummary, 'key' | 'n'>[]): MetricGroups {
  const curves = summaries.filter((summary) => !isTelemetryKey(summary.key))
  const main = mainLoss(curves)
  const beside =
    main?.startsWith('loss/') === true
      ? curves
          .map((s) => s.key)
          .filter((key) => key !== main && key.startsWith('loss/'))
          .sort()
          .slice(0, BESIDE_MAX)
      : []
  const drawn = new Set([main, ...beside])
  const sections = new Map<string, string[]>()
  for (const { key } of curves) {
    if (drawn.has(key)) continue
    const prefix = key.includes('/') ? key.slice(0, key.lastIndexOf('/')) : ''
    sections.set(prefix, [...(sections.get(prefix) ?? []), key])
  }
  return {
    main,
    beside,
    sections: [...sections.entries()]
      .map(([prefix, keys]) => ({ prefix, keys: keys.sort((a, b) => a.localeCompare(b, 'en')) }))
      .sort((a, b) => a.prefix.localeCompare(b.prefix, 'en')),
    system: summaries
      .map((s) => s.key)
      .filter(isTelemetryKey)
      .sort(),
  }
}
