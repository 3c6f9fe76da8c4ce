/** What benchmarks say of themselves, in words: labels of gains, sides of a task, facets, days. */
import type { Facet } from '#src/core/evaluations/facets.ts'
import type { GainLabel } from '#src/core/evaluations/gain-label.ts'
import type { PairKind, Part } from '#src/core/evaluations/paired-parts.ts'
import type { FactKind, RecallReading } from '#src/core/evaluations/taught-facts.ts'
import { isStale } from '#src/core/evaluations/validity.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'

/** What a label of a gain means, for who hovers over it. */
export const GAIN_EXPLAINED: Readonly<Record<GainLabel, string>> = {
  surface:
    'A gain here shows how answers look and behave: format, style, following instructions. Tuning is strong at it.',
  knowledge: 'A gain here shows what the model knows or can work out. Tuning alone rarely adds it.',
}

/** Who says so. */
export const gainByWords = ({ gain_by, category }: Pick<Benchmark, 'gain_by' | 'category'>): string =>
  gain_by === 'benchmark' ? 'as somebody said of this benchmark' : `as the category ${category} says`

export const PART_WORDS: Readonly<Record<Part, string>> = {
  form: 'form',
  content: 'content',
  process: 'process',
  answer: 'final answer',
}

export const PAIR_TITLES: Readonly<Record<PairKind, string>> = {
  form_content: 'Form and content',
  process_answer: 'Process and final answer',
}

export const FACET_WORDS: Readonly<Record<Facet, string>> = {
  terminology: 'Terminology',
  patterns: 'Patterns',
  reasoning: 'Reasoning',
  facts: 'Facts',
}

export const FACT_WORDS: Readonly<Record<FactKind, string>> = {
  taught: 'As taught',
  paraphrased: 'Paraphrased',
  unrelated: 'Not taught',
}

/** What three changes say together, as a sentence. */
export const RECALL_SENTENCES: Readonly<Record<RecallReading, string>> = {
  learned: 'Learned: the facts are recalled in other words too, and what was not taught did not rise.',
  recited: 'Recited: only the wording of the training data is recalled for certain.',
  'not learned': 'Not learned: the taught facts did not rise for certain.',
  'rose everywhere': 'Rose everywhere: facts that were not taught rose too, so this is no recall of what was taught.',
  'cannot tell': 'Cannot tell: all three need a score with an interval on both checkpoints.',
}

/** What is said of a benchmark whose answers hold no longer. */
export const OUT_OF_DATE = 'out of date'

/** Today in UTC, as YYYY-MM-DD. */
export const todayUtc = (): string => new Date().toISOString().slice(0, 10)

/** "answers held until 2026-01-31"; null while its answers hold or nobody said until when. */
export const staleWords = ({ valid_until }: Pick<Benchmark, 'valid_until'>, today: string): string | null =>
  isStale(valid_until, today) ? `answers held until ${valid_until}` : null

/** What stands beside the name of a row, in a word or three: that its answers are out of date, else the side of a task that it measures. */
export function rowNotes(benchmark: Benchmark, today: string): string[] {
  if (staleWords(benchmark, today) !== null) return [OUT_OF_DATE]
  return benchmark.part && benchmark.pair ? [PART_WORDS[benchmark.part]] : []
}

/** Both at length, to go on after the name in a title. */
export function rowTitle(benchmark: Benchmark, today: string): string {
  const outOfDate = staleWords(benchmark, today)
  const side =
    benchmark.part && benchmark.pair
      ? `, the ${PART_WORDS[benchmark.part]} of a task of which ${benchmark.pair} measures the other side`
      : ''
  return `${side}${outOfDate === null ? '' : `, its ${outOfDate}`}`
}
