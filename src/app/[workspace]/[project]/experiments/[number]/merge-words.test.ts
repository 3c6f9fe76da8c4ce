import { expect, test } from 'vitest'
import type { MergeCell } from '#src/protocol/forgetting.ts'
import { againstBest, bestSentence, intervalWords, inUnit } from './merge-words.ts'

const cell = (vs_best_input: number | null, more: Partial<MergeCell> = {}): MergeCell =>
  ({
    benchmark: { slug: 'mmlu', name: 'MMLU' },
    unit: 'points',
    vs_best_input,
    best_input: null,
    vs_best_low: null,
    vs_best_high: null,
    vs_best_p: null,
    vs_weighted_mean: null,
    ancestor: null,
    vs_ancestor: null,
    ...more,
  }) as MergeCell

test('the sentence counts where a merge is better, and where that is certain', () => {
  const better = cell(0.8)
  const certain = cell(3, { vs_best_p: 0.001 })
  expect(bestSentence([better, certain, cell(-2), cell(null)])).toBe(
    'better than its best input on 2 of 3, certainly on 1',
  )
  expect(bestSentence([cell(null)])).toBe('no input was measured on the same benchmarks under one protocol')
})

test('a difference without p or above 0.05 takes no colour', () => {
  expect(againstBest(cell(-3, { vs_best_p: 0.01 }))).toBe('lost')
  expect(againstBest(cell(3, { vs_best_p: 0.2 }))).toBeNull()
  expect(againstBest(cell(3))).toBeNull()
})

test('what is missing is missing, never zero', () => {
  expect(inUnit(cell(null), null)).toBe('not measured alike')
  expect(inUnit(cell(0.8), 0.8)).toBe('+0.8 points')
  expect(intervalWords(cell(0.8))).toBe('no interval')
  expect(intervalWords(cell(0.8, { vs_best_low: -0.4, vs_best_high: 2 }))).toBe('−0.4 to +2.0')
})
