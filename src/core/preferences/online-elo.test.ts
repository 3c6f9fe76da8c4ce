import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WINNERS } from './battles.ts'
import { onlineElo } from './online-elo.ts'

test('the first win of two equals is worth half of K', () =>
  expect([...onlineElo([{ a: 'x', b: 'y', winner: 'a' }])]).toEqual([
    ['x', 1002],
    ['y', 998],
  ]))
test('a tie of two equals changes nothing', () =>
  expect(onlineElo([{ a: 'x', b: 'y', winner: 'tie' }]).get('x')).toBe(1000))
test('depends on the order of the battles', () => {
  const battles = [
    { a: 'x', b: 'y', winner: 'a' as const },
    { a: 'y', b: 'z', winner: 'a' as const },
    { a: 'x', b: 'z', winner: 'b' as const },
  ]
  expect(onlineElo(battles).get('x')).not.toBe(onlineElo([...battles].reverse()).get('x'))
})

const battle = fc
  .record({ a: fc.constantFrom('x', 'y', 'z'), b: fc.constantFrom('x', 'y', 'z'), winner: fc.constantFrom(...WINNERS) })
  .filter(({ a, b }) => a !== b)
test('law: the mean stays where it began, and swapped sides tell the same', () =>
  fc.assert(
    fc.property(fc.array(battle, { maxLength: 100 }), (battles) => {
      const swap = { a: 'b', b: 'a', tie: 'tie' } as const
      const turned = onlineElo(battles.map(({ a, b, winner }) => ({ a: b, b: a, winner: swap[winner] })))
      const ratings = onlineElo(battles)
      const values = [...ratings.values()]
      expect(values.reduce((sum, value) => sum + value - 1000, 0)).toBeCloseTo(0, 6)
      for (const [model, rating] of ratings) expect(turned.get(model)).toBeCloseTo(rating, 6)
    }),
  ))
