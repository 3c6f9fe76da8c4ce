import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LearningWay, matchedLearning } from './matched-learning.ts'

const full: LearningWay = {
  name: 'full',
  points: [
    { target: 0.1, kept: 0.9 },
    { target: 0.6, kept: 0 },
  ],
}
const lora: LearningWay = {
  name: 'lora',
  points: [
    { target: 0.1, kept: 0.9 },
    { target: 0.35, kept: 0.5 },
  ],
}

test('methods are compared where the slower one ended', () => {
  const matched = matchedLearning([full, lora])
  expect(matched?.level).toBe(0.35)
  expect(matched?.methods[0]).toEqual({ name: 'full', kept: expect.closeTo(0.45, 12) })
  expect(matched?.methods[1]).toEqual({ name: 'lora', kept: 0.5 })
})

test('a level that a method never reached says nothing of it', () => {
  expect(matchedLearning([full, lora], 0.5)?.methods).toEqual([
    { name: 'full', kept: expect.closeTo(0.18, 12) },
    { name: 'lora', kept: null },
  ])
})

test('a way that passes the level twice is read where it passed first', () => {
  const there = {
    name: 'x',
    points: [
      { target: 0, kept: 1 },
      { target: 1, kept: 0 },
      { target: 0, kept: 0 },
    ],
  }
  expect(matchedLearning([there, full], 0.5)?.methods[0]?.kept).toBe(0.5)
})

test.each<[string, LearningWay[]]>([
  ['one way', [full]],
  ['a way without points', [full, { name: 'none', points: [] }]],
  [
    'ways without a common level',
    [
      full,
      {
        name: 'far',
        points: [
          { target: 0.8, kept: 1 },
          { target: 0.9, kept: 1 },
        ],
      },
    ],
  ],
])('%s cannot be compared', (_, ways) => {
  expect(matchedLearning(ways)).toBeNull()
})

test('what was kept lies between the ends of the stretch it is read from', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(fc.record({ target: unit, kept: unit }), { minLength: 1, maxLength: 6 }),
      unit,
      (points, t) => {
        const kept = matchedLearning([{ name: 'a', points }, full], t)?.methods[0]?.kept ?? null
        if (kept === null) return
        const all = points.map((p) => p.kept)
        expect(kept).toBeGreaterThanOrEqual(Math.min(...all) - 1e-12)
        expect(kept).toBeLessThanOrEqual(Math.max(...all) + 1e-12)
      },
    ),
  )
})
