import { expect, test } from 'vitest'
import { readLearningRate } from './read-learning-rate.ts'

test('usual names are found, nested ones too', () => {
  expect(readLearningRate({ lr: 0.001, warmup: 0.05, schedule: 'cosine' }, String)).toBe('0.001, warm-up 5 %, cosine')
  expect(readLearningRate({ optimizer: { lr: 0.1 } }, String)).toBe('0.1')
})

test('a config without one says nothing', () => {
  expect(readLearningRate({ steps: 3, lr: 'auto' }, String)).toBeNull()
})
