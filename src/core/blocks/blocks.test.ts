import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Series } from '../metrics/series.ts'
import { encodeAxis } from './axis-codec.ts'
import { BLOCK_FLAGS } from './flags.ts'
import { decodeLevelBlock, encodeLevelBlock, type Level, levelOfPoints, rollUp } from './level-block.ts'
import { decodePointBlock, encodePointBlock } from './point-block.ts'

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

function seriesOf(values: readonly number[], steps = range(values.length), times?: readonly number[]): Series {
  return {
    steps: Float64Array.from(steps),
    times: Float64Array.from(times ?? steps.map((s) => 1_700_000_000_000 + s * 100)),
    values: Float64Array.from(values),
  }
}

const value = fc.oneof(
  fc.double(),
  fc.float(),
  fc.integer({ min: -1e6, max: 1e6 }).map((x) => x / 1e4),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0, 1e300, 5e-324),
)
const anySeries = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 5 }), t: fc.integer({ min: 0, max: 2 ** 45 }), v: value }), {
    minLength: 1,
    maxLength: 300,
  })
  .map((points) => {
    let step = 0
    return seriesOf(
      points.map((p) => p.v),
      points.map((p) => (step += p.gap)),
      points.map((p) => p.t),
    )
  })

describe('a block of points', () => {
  test('gives back every step, time and value bit for bit, with the axis inside or shared', () => {
    fc.assert(
      fc.property(anySeries, fc.boolean(), (series, isShared) => {
        const block = encodePointBlock(series, isShared)
        const read = decodePointBlock(block.data, isShared ? encodeAxis(series.steps, series.times) : null, true)
        expect([...read.steps]).toEqual([...series.steps])
        expect([...(read.times ?? [])]).toEqual([...series.times])
        for (let i = 0; i < series.values.length; i++) expect(Object.is(read.values[i], series.values[i])).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('keeps steps and times up to the greatest exact integer', () => {
    const steps = [0, 2 ** 53 - 3, 2 ** 53 - 1]
    const block = encodePointBlock(seriesOf([1, 2, 3], steps, steps), false)
    const read = decodePointBlock(block.data, null, true)
    expect([...read.steps]).toEqual(steps)
    expect([...(read.times ?? [])]).toEqual(steps)
  })

  test.each([
    ['one value for all', range(4096).map(() => 0.1), 0.1],
    ['counters', range(4096).map((i) => i * 20), 1.2],
    ['values rounded to four places', range(4096).map((i) => Math.round(Math.sin(i) * 1e4) / 1e4 + 0), 2.4],
    ['32-bit losses', range(4096).map((i) => Math.fround(2 + Math.sin(i))), 4.1],
    ['full doubles', range(4096).map((i) => Math.sin(i)), 8.1],
  ])('%s take few bytes per point', (_, values, bytesMax) => {
    const block = encodePointBlock(seriesOf(values), true)
    expect(block.data.length / 4096).toBeLessThan(bytesMax)
    expect([...decodePointBlock(block.data, null, false).values]).toEqual(values)
  })

  test('a jittered wall time takes about a byte', () => {
    const times = range(4096).map((i) => 1_700_000_000_000 + i * 100 + ((i * 7919) % 20))
    expect(encodeAxis(Float64Array.from(range(4096)), Float64Array.from(times)).length).toBeLessThan(4096 * 1.1)
  })

  test('tells what it holds by its flags', () => {
    const all = BLOCK_FLAGS.nan | BLOCK_FLAGS.infinity | BLOCK_FLAGS.minusInfinity
    expect(encodePointBlock(seriesOf([Number.NaN, Infinity, -Infinity]), false).flags).toBe(all)
    expect(encodePointBlock(seriesOf([0.1]), true).flags).toBe(BLOCK_FLAGS.wide | BLOCK_FLAGS.sharedAxis)
    expect(encodePointBlock(seriesOf([1, 2, 3], [0, 1, 5]), false).flags).toBe(BLOCK_FLAGS.stepsInAxis)
  })

  test('bytes that are cut are refused wherever the cut is', () => {
    const { data } = encodePointBlock(seriesOf([0.1, 0.25, 3], [0, 1, 5]), false)
    for (let length = 0; length < data.length; length++)
      expect(() => decodePointBlock(data.subarray(0, length), null, true)).toThrow(/cut at|are missing|cannot lie/)
  })
})

/** What a level must say of the points below it, told the plain way. */
function plainBuckets({ steps, times, values }: Series, size: number) {
  return range(Math.ceil(values.length / size)).map((b) => {
    const part = [...values.subarray(b * size, (b + 1) * size)]
    const finite = part.filter(Number.isFinite)
    return {
      step: steps[b * size],
      time: times[b * size],
      min: finite.length > 0 ? Math.min(...finite) : Number.NaN,
      max: finite.length > 0 ? Math.max(...finite) : Number.NaN,
      count: part.length,
      finite: finite.length,
      hasNaN: part.some(Number.isNaN),
      mean: finite.reduce((sum, v) => sum + v / finite.length, 0),
    }
  })
}

function expectBuckets(level: Level, series: Series, size: number): void {
  const plain = plainBuckets(series, size)
  expect(level.steps.length).toBe(plain.length)
  for (const [b, bucket] of plain.entries()) {
    expect(level.steps[b]).toBe(bucket.step)
    expect(level.times?.[b]).toBe(bucket.time)
    expect(level.counts[b]).toBe(bucket.count)
    expect(level.finite ? level.finite[b] : level.counts[b]).toBe(bucket.finite)
    expect(((level.flags?.[b] ?? 0) & BLOCK_FLAGS.nan) !== 0).toBe(bucket.hasNaN)
    // 0 and −0 are one extreme.
    expect((level.min[b] as number) + 0).toEqual(bucket.min + 0)
    expect((level.max[b] as number) + 0).toEqual(bucket.max + 0)
    if (bucket.finite > 0) {
      const scale = Math.max(Math.abs(bucket.min), Math.abs(bucket.max))
      expect(Math.abs((level.mean[b] as number) - bucket.mean)).toBeLessThanOrEqual(scale * 1e-9 + 1e-320)
    } else expect(level.mean[b]).toBeNaN()
  }
}

const wide = { isWide: true, hasSharedAxis: false, step1: 0, t0: 0, t1: 0 }

describe('a level', () => {
  test('has the extremes, the mean, the count and the flags of the points of each bucket, also when packed', () => {
    fc.assert(
      fc.property(anySeries, (series) => {
        const level = levelOfPoints(series)
        expectBuckets(level, series, 8)
        expectBuckets(decodeLevelBlock(encodeLevelBlock(level, { ...wide, full: 8 }).data, null, true), series, 8)
      }),
      { numRuns: 200 },
    )
  })

  test('rolled up from blocks says the same as told from the points at once', () => {
    const block = fc.array(value, { minLength: 64, maxLength: 64 })
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 8, maxLength: 8 }),
        fc.array(value, { minLength: 1, maxLength: 90 }),
        (blocks, rest) => {
          const whole = seriesOf([...blocks.flat(), ...rest])
          const parts = [...blocks, rest].map((values, i) =>
            levelOfPoints(
              seriesOf(
                values,
                values.map((_, at) => i * 64 + at),
              ),
            ),
          )
          expectBuckets(rollUp(parts), whole, 64)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('32-bit values keep 32-bit levels, others 64-bit ones', () => {
    const level = levelOfPoints(seriesOf(range(4096).map((i) => Math.fround(Math.sin(i)))))
    const narrow = encodeLevelBlock(level, { ...wide, full: 8, isWide: false })
    expect(narrow.data.length).toBeLessThan(512 * 12 + 1_000)
    expect([...decodeLevelBlock(narrow.data, null, true).max]).toEqual([...level.max])
    expect(encodeLevelBlock(level, { ...wide, full: 8 }).flags & BLOCK_FLAGS.wide).toBe(BLOCK_FLAGS.wide)
  })

  test('a constant takes no room', () => {
    const level = levelOfPoints(seriesOf(range(4096).map(() => 0.1)))
    const block = encodeLevelBlock(level, { ...wide, full: 8, hasSharedAxis: true })
    expect(block.data.length).toBeLessThan(80)
    expect(decodeLevelBlock(block.data, null, false).mean[511]).toBe(0.1)
  })

  test('bytes that are cut are refused wherever the cut is', () => {
    const { data } = encodeLevelBlock(levelOfPoints(seriesOf([0.1, Number.NaN, 3], [0, 1, 5])), { ...wide, full: 8 })
    for (let length = 0; length < data.length; length++)
      expect(() => decodeLevelBlock(data.subarray(0, length), null, true)).toThrow(/cut at|are missing|cannot lie/)
  })
})
