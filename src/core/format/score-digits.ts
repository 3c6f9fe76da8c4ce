import type { BenchmarkKind } from '../evaluations/benchmarks.ts'

/** Decimals of a score and of its change: three, one for scores in points, none for ratings. */
export function scoreDigits({ kind, best }: { kind: BenchmarkKind; best: number | null }, score: number): number {
  if (kind === 'elo') return 0
  const inPoints = (kind === 'accuracy' || kind === 'rate') && (Math.abs(score) > 1.0001 || (best ?? 0) > 1)
  return inPoints ? 1 : 3
}
