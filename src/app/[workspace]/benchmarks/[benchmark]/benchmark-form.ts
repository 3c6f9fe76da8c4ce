/** The edit form of a benchmark: texts as they are typed, and what they say. */
import { BENCHMARK_KINDS, BENCHMARK_USES } from '#src/core/evaluations/benchmarks.ts'
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
    },
  }
}

const numberText = (value: number | null): string => (value === null ? '' : String(value))

/** Null for nothing, undefined for what is no number. */
function readNumber(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const value = Number(text.trim().replace('−', '-'))
  return Number.isFinite(value) ? value : undefined
}
