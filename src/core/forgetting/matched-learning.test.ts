import { expect, test } from 'vitest'
import { commonLevels, type LearningWay, matchedLearning } from './matched-learning.ts'

const way = (id: string, ...points: [learn: number, retain: number][]): LearningWay => ({
  id,
  points: points.map(([learn, retain]) => ({ learn, retain })),
})
const full = way('full', [0.1, 0.9], [0.6, 0])
const lora = way('lora', [0.1, 0.9], [0.35, 0.5])

test('methods are compared where the slower one ended', () => {
  expect(matchedLearning([full, lora])).toEqual({
    level: 0.35,
    methods: [
      { id: 'full', retain: expect.closeTo(0.45, 12) },
      { id: 'lora', retain: 0.5 },
    ],
  })
})

test('a level that a method never reached says nothing of it', () => {
  expect(matchedLearning([full, lora], 0.5)?.methods[1]).toEqual({ id: 'lora', retain: null })
})

test.each<[string, LearningWay[]]>([
  ['one way', [full]],
  ['a way without points', [full, way('none')]],
  ['ways without a common level', [full, way('far', [0.8, 1], [0.9, 1])]],
])('%s cannot be compared', (_, ways) => {
  expect(matchedLearning(ways)).toBeNull()
})

test('common levels reach from the worst begin to the slowest end', () => {
  expect(commonLevels([full, lora])).toEqual({ lowest: 0.1, highest: 0.35 })
})
