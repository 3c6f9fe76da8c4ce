import { describe, expect, test } from 'vitest'
import { rungs, tokensAtStep } from './ladder.ts'

describe('a ladder of checkpoints', () => {
  test.each([
    [40_000, 40_000, 3_440_000, 86],
    [40_000, 3_480_000, 4_200_000, 19],
    [40_000, 4_240_000, 4_720_000, 13],
    [4_000, 4_000, 20_000, 5],
    [10, 5, 5, 1],
    [10, 5, 14, 1],
    [10, 6, 5, 0],
  ])('every %i from %i to %i has %i rungs', (every, from, to, n) =>
    expect(rungs({ every, from, to, location: 's-{step}' })).toHaveLength(n),
  )
  test('names each rung by its step', () =>
    expect(rungs({ every: 40_000, from: 40_000, to: 80_000, location: 'stage1-step-{step}' })).toEqual([
      { step: 40_000, location: 'stage1-step-40000' },
      { step: 80_000, location: 'stage1-step-80000' },
    ]))
})

describe('tokens at a step', () => {
  const smol = { parallelism: { global_batch: 576, sequence_length: 4096 } }
  test.each([
    [40_000, 94_371_840_000],
    [4_720_000, 11_135_877_120_000],
  ])('step %i of batches of 2,359,296 tokens', (step, tokens) => expect(tokensAtStep(step, smol)).toBe(tokens))
  test('are not known where a step’s size is not', () => expect(tokensAtStep(10, {})).toBeNull())
  test('are not known at step 0', () => expect(tokensAtStep(0, smol)).toBeNull())
})
