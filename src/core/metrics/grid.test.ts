import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { levelOfPoints } from '../blocks/level-block.ts'
import { alignGrid, baseOf, bucketOf, GridLine, gridOf, regularWidth, spacingOf } from './grid.ts'

const points = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 5000 }), fc.oneof(fc.double(), fc.double({ min: -1e6, max: 1e6 }))), {
    selector: ([step]) => step,
    minLength: 1,
    maxLength: 300,
  })
  .map((list) => {
    const sorted = list.toSorted((a, b) => a[0] - b[0])
    return { x: Float64Array.from(sorted, (p) => p[0]), y: Float64Array.from(sorted, (p) => p[1]) }
  })
const px = fc.integer({ min: 1, max: 200 })

const onGrid = (grid: { x0: number; dx: number }, x: Float64Array, y: Float64Array) => {
  const line = new GridLine(grid)
  line.addPoints(x, y)
  return line.buckets()
}
const whole = (x: Float64Array, n: number) => gridOf(x[0] as number, x.at(-1) as number, n)

test('each bucket has the extremes, the count and the mean of exactly its finite points', () => {
  fc.assert(
    fc.property(points, px, ({ x, y }, n) => {
      const grid = whole(x, n)
      const buckets = onGrid(grid, x, y)
      const model = new Map<number, { x: number; values: number[] }>()
      x.forEach((at, i) => {
        const value = y[i] as number
        if (!Number.isFinite(value)) return
        const bucket = model.get(bucketOf(grid, at)) ?? { x: at, values: [] }
        bucket.values.push(value)
        model.set(bucketOf(grid, at), bucket)
      })
      expect([...buckets.index]).toEqual([...model.keys()])
      ;[...model.values()].forEach((bucket, i) => {
        expect(buckets.x[i]).toBe(bucket.x)
        expect(buckets.min[i]).toBe(Math.min(...bucket.values))
        expect(buckets.max[i]).toBe(Math.max(...bucket.values))
        expect(buckets.count[i]).toBe(bucket.values.length)
        const sum = bucket.values.reduce((a, b) => a + b, 0)
        const size = Math.max(...bucket.values.map(Math.abs))
        if (Number.isFinite(sum))
          expect(Math.abs((buckets.y[i] as number) - sum / bucket.values.length)).toBeLessThanOrEqual(size * 1e-12)
      })
    }),
  )
})

test('there are at most px buckets and the one that begins at the end of the range; means lie between extremes', () => {
  fc.assert(
    fc.property(points, px, ({ x, y }, n) => {
      const { index, y: mean, min, max } = onGrid(whole(x, n), x, y)
      expect(index.length).toBeLessThanOrEqual(n + 1)
      index.forEach((bucket, i) => {
        if (i > 0) expect(bucket).toBeGreaterThan(index[i - 1] as number)
        expect(mean[i]).toBeGreaterThanOrEqual(min[i] as number)
        expect(mean[i]).toBeLessThanOrEqual(max[i] as number)
      })
    }),
  )
})

test('the order in which points come does not matter', () => {
  fc.assert(
    fc.property(points, px, ({ x, y }, n) => {
      const forward = onGrid(whole(x, n), x, y)
      const backward = onGrid(whole(x, n), x.toReversed(), y.toReversed())
      for (const name of ['index', 'x', 'min', 'max', 'count'] as const) expect(backward[name]).toEqual(forward[name])
    }),
  )
})

test('reduced buckets beside points keep extremes and count of all points; the mean is weighed by counts', () => {
  fc.assert(
    fc.property(points, fc.nat({ max: 300 }), ({ x, y }, cut) => {
      const level = levelOfPoints({ steps: x.slice(0, cut), times: x.slice(0, cut), values: y.slice(0, cut) })
      const line = new GridLine({ x0: 0, dx: 10_000 })
      line.addBuckets(level.steps, level)
      line.addPoints(x.subarray(cut), y.subarray(cut))
      const mixed = line.buckets()
      const plain = onGrid({ x0: 0, dx: 10_000 }, x, y)
      expect([...mixed.count]).toEqual([...plain.count])
      expect([...mixed.min]).toEqual([...plain.min])
      expect([...mixed.max]).toEqual([...plain.max])
      const size = Math.max(...y.filter(Number.isFinite).map(Math.abs))
      if (mixed.y.length > 0 && size < 1e300)
        expect(Math.abs((mixed.y[0] as number) - (plain.y[0] as number))).toBeLessThanOrEqual(size * 1e-9)
    }),
  )
})

test('buckets of eight, one and no finite point weigh as many as they hold', () => {
  const line = new GridLine({ x0: 0, dx: 100 })
  line.addBuckets(Float64Array.of(0, 8, 16), {
    min: Float32Array.of(1, 4, Number.NaN),
    max: Float32Array.of(3, 4, Number.NaN),
    mean: Float32Array.of(2, 4, Number.NaN),
    counts: Float64Array.of(8, 2, 8),
    finite: Float64Array.of(7, 1, 0),
  })
  const { y, min, max, count } = line.buckets()
  expect([y[0], min[0], max[0], count[0]]).toEqual([(7 * 2 + 4) / 8, 1, 4, 8])
})

test('a gap stays a gap, and what is not finite or has no place makes no bucket', () => {
  const grid = gridOf(0, 100, 10)
  const x = Float64Array.of(0, 1, 50, 60, 99, Number.NaN)
  const y = Float64Array.of(1, 3, Number.NaN, Number.POSITIVE_INFINITY, 5, 7)
  const buckets = onGrid(grid, x, y)
  expect([...buckets.index]).toEqual([0, 9])
  expect([...buckets.y]).toEqual([2, 5])
})

test('points that come later fall into the buckets that are there, or behind them', () => {
  const grid = gridOf(0, 100, 10)
  const line = new GridLine(grid)
  line.addPoints(Float64Array.of(0, 95), Float64Array.of(1, 1))
  line.addPoints(Float64Array.of(97, 1_000_000), Float64Array.of(3, 9))
  expect([...line.buckets().index]).toEqual([0, 9, 100_000])
  expect([...line.buckets().y]).toEqual([1, 2, 9])
})

test('a range without width has one bucket, and a group needs buckets as wide as the distance of its points', () => {
  expect(gridOf(7, 7, 100)).toEqual({ x0: 7, dx: 1 })
  expect(gridOf(0, 1000, 800, spacingOf(Float64Array.of(0, 10, 20, 21))).dx).toBe(10)
  expect(gridOf(0, 8000, 800, 2).dx).toBe(10)
})

test('32-bit values with the base taken off and added again are within a ten-thousandth of the range', () => {
  fc.assert(
    fc.property(points, px, ({ x, y }, n) => {
      const { y: mean, min, max } = onGrid(whole(x, n), x, y)
      const [low, high] = [Math.min(...min), Math.max(...max)]
      if (min.length === 0 || !Number.isFinite(high - low) || Math.max(Math.abs(low), Math.abs(high)) > 1e38) return
      const base = baseOf({ min, max })
      for (const value of [...min, ...max, ...mean])
        expect(Math.abs(Math.fround(value - base) + base - value)).toBeLessThanOrEqual(
          Math.max((high - low) * 1e-4, Math.abs(base) * 2 ** -50, 1e-44),
        )
    }),
  )
})

test('ordinary values need no base; values far from 0 and a flat line do', () => {
  const of = (...values: number[]) => baseOf({ min: Float64Array.from(values), max: Float64Array.from(values) })
  expect(of(0.1, 2.5, 11)).toBe(0)
  expect(of()).toBe(0)
  expect(of(1.7e12, 1.7e12 + 60)).toBe(1.7e12 + 30)
  expect(of(0.1, 0.1)).toBe(0.1)
})

test('a line on used memory is the line on fresh memory', () => {
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.double({ noNaN: true, min: -9, max: 9 })))
  fc.assert(
    fc.property(points, points, (before, now) => {
      const grid = gridOf(0, 100, 7)
      const [used, fresh] = [new GridLine(grid), new GridLine(grid)]
      const add = (line: GridLine, list: readonly (readonly [number, number])[]) =>
        line.addPoints(
          Float64Array.from(list, ([x]) => x),
          Float64Array.from(list, ([, y]) => y),
        )
      add(used, before)
      used.buckets()
      used.reset()
      add(used, now)
      add(fresh, now)
      expect(used.buckets()).toEqual(fresh.buckets())
    }),
  )
})

describe('a grid with its bounds on those of reduced buckets', () => {
  test('has no bucket that shares a reduced one with another, and at least as many as were asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000 }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 2, max: 200 }),
        (origin, width, buckets, px) => {
          const places = Float64Array.from({ length: buckets }, (_, i) => origin + i * width)
          expect(regularWidth(places)).toBe(buckets > 1 ? width : null)
          const end = origin + buckets * width - 1
          const grid = alignGrid(gridOf(origin, end, px), origin, width)
          for (const place of places) expect(bucketOf(grid, place)).toBe(bucketOf(grid, place + width - 1))
          const shown = bucketOf(grid, end) - bucketOf(grid, origin) + 1
          expect(shown).toBeGreaterThanOrEqual(Math.min(px, buckets) - 1)
          expect(shown).toBeLessThanOrEqual(2 * px + 1)
        },
      ),
    )
  })

  test('has no width where places are not regular', () => {
    expect(regularWidth(Float64Array.of(0, 8, 17))).toBeNull()
    expect(regularWidth(Float64Array.of(0, 0, 0))).toBeNull()
  })
})
