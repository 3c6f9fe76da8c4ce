import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Offer, paretoFront } from './pareto-front.ts'

const offers: Offer[] = [
  { x: 100, y: 0.1 },
  { x: 200, y: 0.5 },
  { x: 210, y: 0.5 },
  { x: 220, y: 0.6 },
  { x: 90, y: 0.05 },
]

test('cheaper and better is on the front, dearer for the same is not', () => {
  expect(paretoFront(offers, true, false)).toEqual([4, 0, 1, 3])
})

test('offers alike are all on it', () => {
  expect(
    paretoFront(
      [
        { x: 1, y: 1 },
        { x: 1, y: 1 },
      ],
      true,
      false,
    ),
  ).toEqual([0, 1])
})

test('of nothing there is no front', () => expect(paretoFront([], true, true)).toEqual([]))

const anyOffers = fc.array(fc.record({ x: fc.integer({ min: 0, max: 20 }), y: fc.integer({ min: 0, max: 20 }) }))

test('every offer is on the front exactly when no other beats it', () => {
  fc.assert(
    fc.property(anyOffers, fc.boolean(), fc.boolean(), (all, lessX, lessY) => {
      const beats = (a: Offer, b: Offer) => {
        const [dx, dy] = [lessX ? b.x - a.x : a.x - b.x, lessY ? b.y - a.y : a.y - b.y]
        return dx >= 0 && dy >= 0 && dx + dy > 0
      }
      const expected = all.flatMap((offer, i) => (all.some((other) => beats(other, offer)) ? [] : [i]))
      expect(paretoFront(all, lessX, lessY).sort((a, b) => a - b)).toEqual(expected)
    }),
  )
})

test('turning an axis around changes nothing', () => {
  fc.assert(
    fc.property(anyOffers, (all) => {
      const turned = all.map(({ x, y }) => ({ x, y: -y }))
      expect(paretoFront(turned, true, true)).toEqual(paretoFront(all, true, false))
    }),
  )
})
