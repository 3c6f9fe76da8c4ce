import type { BenchmarkInput, EvaluationInput } from '#src/protocol/evaluations.ts'

export const accuracy: BenchmarkInput = {
  slug: 'mmlu',
  category: 'knowledge',
  kind: 'accuracy',
  higher_is_better: true,
  chance: 0.25,
}

/** `n` items of which the first `right` are right, with prompt and output. */
export const rightOf = (right: number, n: number): EvaluationInput['items'] =>
  Array.from({ length: n }, (_, i) => ({
    id: `item-${i}`,
    score: i < right ? 1 : 0,
    prompt: `Question ${i}?`,
    output: i < right ? 'yes' : 'no',
    expected: 'yes',
  }))

/** An evaluation as a client sends it. */
export const evaluation = (more: Partial<EvaluationInput> = {}): EvaluationInput => ({
  benchmark: accuracy,
  metric: 'acc',
  protocol: { task: 'mmlu', shots: 5, harness: 'test' },
  score: 0.5,
  scale: 1,
  n: 100,
  variant: '',
  source: 'test',
  complete: true,
  items: [],
  ...more,
})
