import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meanScore } from './mean-score.ts'

describe('the mean retention score', () => {
  test('counts categories alike, however many benchmarks they hold', () => {
    const found = meanScore([
      { category: 'knowledge', score: 0.2, se: 0.1 },
      { category: 'knowledge', score: 0.4, se: 0.1 },
      { category: 'format', score: 0.9, se: 0.2 },
    ])
    expect(found?.mean).toBeCloseTo((0.3 + 0.9) / 2, 12)
    expect(found?.se).toBeCloseTo(Math.sqrt(2 * (0.25 * 0.1) ** 2 + (0.5 * 0.2) ** 2), 12)
  })
  test('has no interval where one benchmark has none, and is nothing of nothing', () => {
    expect(meanScore([{ category: 'a', score: 0.5, se: null }])).toEqual({ mean: 0.5, se: null })
    expect(meanScore([])).toBeNull()
  })
  test('lies between the lowest and the highest score', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            category: fc.constantFrom('a', 'b', 'c'),
            score: fc.double({ min: -1, max: 1, noNaN: true }),
            se: fc.constant(0.1),
          }),
          { minLength: 1 },
        ),
        (scores) => {
          const mean = meanScore(scores)?.mean as number
          expect(mean).toBeGreaterThanOrEqual(Math.min(...scores.map((s) => s.score)) - 1e-9)
          expect(mean).toBeLessThanOrEqual(Math.max(...scores.map((s) => s.score)) + 1e-9)
        },
      ),
    ))
})
