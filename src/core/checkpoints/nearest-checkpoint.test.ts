import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestCheckpoint, readCurvePlace } from './nearest-checkpoint.ts'

const at = (...steps: number[]) => steps.map((step) => ({ step, tokens: step * 10 }))

test.each([
  [[0, 512, 1000], 600, 512],
  [[0, 512, 1000], 756, 512],
  [[1000, 512, 0], 756, 512],
  [[1000], 3, 1000],
])('of checkpoints at %j the one nearest to step %i is at %i', (steps, step, nearest) => {
  expect(nearestCheckpoint(at(...steps), { step })?.step).toBe(nearest)
})

test('by tokens only those are looked at that counted them', () => {
  const some = [...at(512), { step: 600, tokens: null }]
  expect(nearestCheckpoint(some, { tokens: 6000 })?.step).toBe(512)
  expect(nearestCheckpoint(some.slice(1), { tokens: 6000 })).toBeNull()
})

test('without checkpoints there is none', () => {
  expect(nearestCheckpoint([], { step: 5 })).toBeNull()
})

test('no other checkpoint is nearer', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.nat(), (steps, step) => {
      const found = nearestCheckpoint(at(...steps), { step })
      expect(Math.abs((found?.step ?? Number.NaN) - step)).toBe(Math.min(...steps.map((one) => Math.abs(one - step))))
    }),
  )
})

test.each([
  [{}, { step: 0 }],
  [{ step: '40' }, { step: 40 }],
  [{ step: '0' }, { step: 0 }],
  [{ tokens: '8e6' }, { tokens: 8_000_000 }],
  [{ step: '' }, null],
  [{ step: ' ' }, null],
  [{ tokens: '' }, null],
  [{ step: '-1' }, null],
  [{ step: 'last' }, null],
  [{ step: 'Infinity' }, null],
  [{ step: ['1', '2'] }, null],
  [{ step: '1', tokens: '2' }, null],
])('an address with %j names the place %j', (words, place) => expect(readCurvePlace(words)).toEqual(place))
