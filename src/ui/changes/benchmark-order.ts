import type { Benchmark } from '#src/protocol/evaluations.ts'

/** Losses first, then by category and name: the one order wherever benchmarks stand side by side. */
export function benchmarkOrder(a: Benchmark, b: Benchmark): number {
  const rank = ({ kind }: Benchmark) => (kind === 'loss' ? 0 : 1)
  return rank(a) - rank(b) || a.category.localeCompare(b.category, 'en') || a.name.localeCompare(b.name, 'en')
}
