/** The edit form of a benchmark: texts as they are typed, and what they say. */
import { BENCHMARK_KINDS, BENCHMARK_USES } from '#src/core/evaluations/benchmarks.ts'
import { FACETS } from '#src/core/evaluations/facets.ts'
import { GAIN_LABELS } from '#src/core/evaluations/gain-label.ts'
import { PARTS } from '#src/core/evaluations/paired-parts.ts'
import { isDay } from '#src/core/evaluations/validity.ts'
import type { BenchmarkChange, BenchmarkSummary } from '#src/protocol/benchmarks.ts'

export interface Form {
  name: string
  category: string
  description: string
  kind: string
  direction: string
  chance: string
  best: string
  margin: string
  unit: string
  use: string
  twin: string
  gain: string
  valid_until: string
  domain: string
  facet: string
  part: string
  pair: string
}

/** The form of a benchmark as it is. */
export const formOf = (benchmark: BenchmarkSummary): Form => ({
  name: benchmark.name,
  category: benchmark.category,
  description: benchmark.description,
  kind: benchmark.kind,
  direction: benchmark.higher_is_better ? 'higher' : 'lower',
  chance: numberText(benchmark.chance),
  best: numberText(benchmark.best),
  margin: numberText(benchmark.margin),
  unit: benchmark.unit ?? '',
  use: benchmark.use ?? '',
  twin: benchmark.twin ?? '',
  gain: benchmark.gain_by === 'benchmark' ? (benchmark.gain ?? '') : '',
  valid_until: benchmark.valid_until ?? '',
  domain: benchmark.domain ?? '',
  facet: benchmark.facet ?? '',
  part: benchmark.part ?? '',
  pair: benchmark.pair ?? '',
})

/** What the form says, or the first field that says nothing that can be meant. */
export function changeOf(form: Form): { change: BenchmarkChange } | { field: string; message: string } {
  if (form.name.trim() === '') return { field: 'name', message: 'Give it a name.' }
  if (form.category.trim() === '') return { field: 'category', message: 'Say which group of abilities it measures.' }
  const numbers = { chance: readNumber(form.chance), best: readNumber(form.best), margin: readNumber(form.margin) }
  for (const field of ['chance', 'best', 'margin'] as const)
    if (numbers[field] === undefined)
      return {
        field,
        message: `"${form[field]}" is no number. Write it with a point, such as 0.25, or leave it empty.`,
      }
  const [day, part, pair] = [form.valid_until.trim(), form.part, form.pair.trim()]
  if (day !== '' && !isDay(day)) return { field: 'valid_until', message: `"${day}" is no day. Write it as 2026-12-31.` }
  if (part !== '' && pair === '')
    return { field: 'pair', message: `Say which benchmark measures the other side, by its slug.` }
  if (part === '' && pair !== '') return { field: 'part', message: 'Say which side of the task this one measures.' }
  if (form.facet !== '' && form.domain.trim() === '')
    return { field: 'domain', message: 'A facet belongs to a domain: say which, such as medicine.' }
  return {
    change: {
      name: form.name.trim(),
      category: form.category.trim(),
      description: form.description.trim(),
      kind: BENCHMARK_KINDS.find((kind) => kind === form.kind) ?? 'other',
      higher_is_better: form.direction === 'higher',
      chance: numbers.chance ?? null,
      best: numbers.best ?? null,
      margin: numbers.margin ?? null,
      unit: form.unit.trim() || null,
      use: BENCHMARK_USES.find((use) => use === form.use) ?? null,
      twin: form.twin.trim() || null,
      gain: GAIN_LABELS.find((label) => label === form.gain) ?? null,
      valid_until: day || null,
      domain: form.domain.trim() || null,
      facet: FACETS.find((facet) => facet === form.facet) ?? null,
      part: PARTS.find((one) => one === part) ?? null,
      pair: pair || null,
    },
  }
}

/** What goes together: a facet is of its domain, a side of a task has another. */
const TOGETHER: Partial<Record<keyof Form, keyof Form>> = {
  domain: 'facet',
  facet: 'domain',
  part: 'pair',
  pair: 'part',
}

/** Of a change only what the form says otherwise than when it opened: what came in meanwhile stays. */
export function changedSince(was: Form, form: Form, change: BenchmarkChange): BenchmarkChange {
  const isChanged = (field: keyof Form) => form[field] !== was[field]
  const kept = Object.entries(change).filter(([name]) => {
    const field = (name === 'higher_is_better' ? 'direction' : name) as keyof Form
    const other = TOGETHER[field]
    return isChanged(field) || (other !== undefined && isChanged(other))
  })
  return Object.fromEntries(kept)
}

const numberText = (value: number | null): string => (value === null ? '' : String(value))

/** Null for nothing, undefined for what is no number. */
function readNumber(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const value = Number(text.trim().replace('−', '-'))
  return Number.isFinite(value) ? value : undefined
}
