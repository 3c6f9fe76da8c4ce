import type { Benchmark } from '#src/protocol/evaluations.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import { GAIN_EXPLAINED, gainByWords, OUT_OF_DATE, staleWords, todayUtc } from './fact-words.ts'

/** "surface" or "knowledge": what a gain on the benchmark shows. Nothing where neither it nor its category says so. */
export function GainChip({ benchmark }: { benchmark: Pick<Benchmark, 'gain' | 'gain_by' | 'category'> }) {
  const { gain } = benchmark
  if (!gain) return null
  return <Chip title={`${GAIN_EXPLAINED[gain]} (${gainByWords(benchmark)})`}>{gain}</Chip>
}

/** A warning on a benchmark whose answers hold no longer. */
export function StaleChip({ benchmark }: { benchmark: Pick<Benchmark, 'valid_until'> }) {
  const words = staleWords(benchmark, todayUtc())
  return words === null ? null : (
    <Chip tone="warning" title={`Its ${words}: a newer model may be right and counted wrong.`}>
      {OUT_OF_DATE}
    </Chip>
  )
}
