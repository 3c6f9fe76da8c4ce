import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GridBuckets, GridLine } from './grid.ts'
import { type GroupMember, groupLines } from './group-lines.ts'

const GRID = { x0: 0, dx: 1 }

function buckets(points: readonly (readonly [number, number])[]): GridBuckets {
  const line = new GridLine(GRID)
  line.addPoints(
    Float64Array.from(points, (p) => p[0]),
    Float64Array.from(points, (p) => p[1]),
  )
  return line.buckets()
}
const member = (run: number, ...points: [number, number][]): GroupMember => ({
  run,
  superseded: false,
  buckets: buckets(points),
})
const five = [2, 4, 4, 5, 10].map((y, i) => member(i + 1, [0, y]))

describe('one bucket of runs at 2, 4, 4, 5 and 10', () => {
  test.each([
    ['mean', 5],
    ['median', 4],
  ] as const)('has the %s %d', (center, value) => expect(groupLines(five, center, 'none').center[0]).toBe(value))

  // By hand: squares 9 + 1 + 1 + 0 + 25 = 36, s = √(36 / 4) = 3; t with 4 degrees of freedom at 97.5 % is 2.776445.
  test.each([
    ['min_max', 2, 10],
    ['sd', 2, 8],
    ['se', 5 - 3 / Math.sqrt(5), 5 + 3 / Math.sqrt(5)],
    ['ci95', 5 - (2.776445 * 3) / Math.sqrt(5), 5 + (2.776445 * 3) / Math.sqrt(5)],
  ] as const)('has the band %s from %d to %d', (band, low, high) => {
    const line = groupLines(five, 'mean', band)
    expect(line.low?.[0]).toBeCloseTo(low, 5)
    expect(line.high?.[0]).toBeCloseTo(high, 5)
  })

  test('has no band when none was asked for', () => expect(groupLines(five, 'mean', 'none').low).toBeNull())
})

test('a run counts once in a bucket, however many points it logged there', () => {
  const often = member(1, ...Array.from({ length: 9 }, (_, i): [number, number] => [i / 10, 1]))
  expect(groupLines([often, member(2, [0, 3])], 'mean', 'none').center[0]).toBe(2)
})

test('a run without a value in a bucket does not count in it', () => {
  const line = groupLines([member(1, [0, 1], [1, 1], [2, 1]), member(2, [0, 3], [2, 3])], 'mean', 'none')
  expect([...line.nRuns]).toEqual([2, 1, 2])
  expect([...line.center]).toEqual([2, 1, 2])
})

test('a bucket in which no run has a value is left out', () =>
  expect([...groupLines([member(1, [0, 1], [9, 1])], 'mean', 'sd').index]).toEqual([0, 9]))

test('the spread of a single run is not defined, and not 0', () => {
  for (const band of ['sd', 'se', 'ci95'] as const)
    expect([...(groupLines([member(1, [0, 7])], 'mean', band).low ?? [])]).toEqual([Number.NaN])
})

test('extremes are those of points, not of the runs’ means', () => {
  const spike = member(1, [0, 1], [0.5, 99])
  expect(groupLines([spike, member(2, [0, 1])], 'mean', 'min_max').high?.[0]).toBe(99)
})

test('superseded lines take no part', () => {
  const line = groupLines([member(1, [0, 1]), { ...member(1, [0, 99], [5, 99]), superseded: true }], 'mean', 'min_max')
  expect([...line.index]).toEqual([0])
  expect(line.high?.[0]).toBe(1)
  expect(line.runs).toEqual([1])
})

test('no run, no line', () => expect(groupLines([], 'median', 'ci95').index).toHaveLength(0))

const members = fc
  .array(
    fc.array(fc.tuple(fc.nat({ max: 20 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 20,
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((lines) => lines.map((points, i) => member(i + 1, ...points)))

test('the center lies between the extremes, and every value of every run counts in exactly one bucket', () => {
  fc.assert(
    fc.property(members, fc.constantFrom('mean', 'median'), (runs, center) => {
      const line = groupLines(runs, center, 'min_max')
      line.center.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual((line.low?.[i] as number) - 1e-6)
        expect(value).toBeLessThanOrEqual((line.high?.[i] as number) + 1e-6)
      })
      const total = runs.reduce((n, run) => n + run.buckets.index.length, 0)
      expect(line.nRuns.reduce((n, count) => n + count, 0)).toBe(total)
    }),
  )
})

test('moving all values moves the line and its band and changes no width', () => {
  fc.assert(
    fc.property(members, fc.constantFrom('sd', 'se', 'ci95'), (runs, band) => {
      const moved = runs.map((run) => ({ ...run, buckets: { ...run.buckets, y: run.buckets.y.map((v) => v + 1000) } }))
      const [a, b] = [groupLines(runs, 'mean', band), groupLines(moved, 'mean', band)]
      a.center.forEach((value, i) => {
        expect((b.center[i] as number) - 1000).toBeCloseTo(value, 5)
        const width = (line: typeof a) => (line.high?.[i] as number) - (line.low?.[i] as number)
        if ((a.nRuns[i] as number) > 1) expect(width(b)).toBeCloseTo(width(a), 4)
        else expect(width(a)).toBeNaN()
      })
    }),
  )
})
