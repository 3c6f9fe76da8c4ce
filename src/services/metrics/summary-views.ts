import { nonFiniteWord } from '../../core/metrics/downsample.ts'
import type { Orientation } from '../../core/metrics/orientation.ts'
import type { Summary } from '../../core/metrics/summary.ts'
import type { MetricSummary } from '../../protocol/metrics.ts'
import type { WorkspaceKeys } from './key-dictionary.ts'

const best = ({ min, minStep, max, maxStep }: Summary, orientation: Orientation | null) => ({
  orientation,
  best: orientation === 'lower' ? min : orientation === 'higher' ? max : null,
  best_step: orientation === 'lower' ? minStep : orientation === 'higher' ? maxStep : null,
})

/** Summaries as they are shown, in key order. */
export function viewSummaries(summaries: Map<number, Summary> | undefined, keys: WorkspaceKeys): MetricSummary[] {
  const shown = [...(summaries ?? [])].map(([id, s]) => ({
    key: keys.names.get(id) ?? `metric ${id}`,
    n: s.n,
    first_step: s.firstStep,
    first_value: nonFiniteWord(s.firstValue) ?? s.firstValue,
    last_step: s.lastStep,
    last_value: nonFiniteWord(s.lastValue) ?? s.lastValue,
    last_t: s.lastTime,
    min: s.min,
    min_step: s.minStep,
    max: s.max,
    max_step: s.maxStep,
    ...best(s, keys.orientation(id)),
  }))
  return shown.sort((a, b) => (a.key < b.key ? -1 : 1))
}
