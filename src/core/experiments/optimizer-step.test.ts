import { describe, expect, test } from 'vitest'
import { optimizerStep } from './optimizer-step.ts'

describe('a step of the optimizer', () => {
  test.each([
    ['accumulates micro batches over copies', { micro_batch: 4, grad_accum: 8, dp: 16 }, 512, null],
    ['has the tokens of its samples', { micro_batch: 4, grad_accum: 8, dp: 16, sequence_length: 4096 }, 512, 2_097_152],
    [
      'takes the global batch at its word',
      { micro_batch: 4, global_batch: 1024, sequence_length: 2048 },
      1024,
      2_097_152,
    ],
    ['is not told from parallelism alone', { tp: 8, sequence_length: 2048 }, null, null],
    [
      'is not told where the count is beyond 2^53',
      { global_batch: Number.MAX_SAFE_INTEGER, sequence_length: 2 },
      Number.MAX_SAFE_INTEGER,
      null,
    ],
  ])('%s', (_, parallelism, samples, tokens) => expect(optimizerStep(parallelism, null)).toEqual({ samples, tokens }))

  test('is planned tokens over planned steps where nothing else is known', () => {
    expect(optimizerStep(null, { tokens: 15_600_000_000_000, steps: 975_000 }).tokens).toBe(16_000_000)
    expect(optimizerStep(null, { tokens: 10, steps: 0 }).tokens).toBeNull()
  })
})
