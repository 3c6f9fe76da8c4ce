import fc from 'fast-check'
import { expect, test } from 'vitest'
import { downsample, nonFiniteWord } from './downsample.ts'

const line = fc
  .array(fc.tuple(fc.nat({ max: 2 ** 40 }), fc.oneof(fc.double(), fc.double({ min: -1e6, max: 1e6 }))), {
    minLength: 1,
    maxLength: 300,
  })
  .map((points) => {
    const sorted = points.toSorted((a, b) => a[0] - b[0])
    return { x: Float64Array.from(sorted, (p) => p[0]), y: Float64Array.from(sorted, (p) => p[1]) }
  })

test('the extremes of a line are the extremes of its buckets, whatever the width', () => {
  fc.assert(
    fc.property(line, fc.integer({ min: 1, max: 500 }), (points, px) => {
      const finite = points.y.filter(Number.isFinite)
      const { min, max } = downsample(points, px)
      expect(Math.min(...min)).toBe(Math.fround(Math.min(...finite)))
      expect(Math.max(...max)).toBe(Math.fround(Math.max(...finite)))
    }),
  )
})

test('buckets are at most as many as pixels, ascend, begin at a point, and hold their mean between their extremes', () => {
  fc.assert(
    fc.property(line, fc.integer({ min: 1, max: 50 }), (points, px) => {
      const { x, y, min, max } = downsample(points, px)
      expect(x.length).toBeLessThanOrEqual(px)
      expect([y.length, min.length, max.length]).toEqual([x.length, x.length, x.length])
      x.forEach((at, i) => {
        expect(points.x.includes(at)).toBe(true)
        if (i > 0) expect(at).toBeGreaterThan(x[i - 1] as number)
        expect(y[i]).toBeGreaterThanOrEqual(min[i] as number)
        expect(y[i]).toBeLessThanOrEqual(max[i] as number)
      })
    }),
  )
})

test('a gap stays a gap, and points that are not finite make no bucket', () => {
  const x = Float64Array.of(0, 1, 50, 99, 100)
  const y = Float64Array.of(1, 3, Number.NaN, 5, 7)
  const buckets = downsample({ x, y }, 10)
  expect([...buckets.x]).toEqual([0, 99])
  expect([...buckets.y]).toEqual([2, 6])
})

test('one stray step far away costs nothing', () => {
  const x = Float64Array.of(0, 1, 2, 1e15)
  expect(downsample({ x, y: x }, 800).x.length).toBe(2)
})

test.each([
  [1, null],
  [-0, null],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('%j is told as %j', (value, word) => expect(nonFiniteWord(value)).toBe(word))
