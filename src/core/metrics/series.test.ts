import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attemptView } from './attempt-view.ts'
import { SequenceRanges } from './sequence-ranges.ts'
import { SeriesBuilder } from './series.ts'
import { extendSummary, summarize } from './summary.ts'
import { byMetric, byStep, byTime, cut } from './x-axis.ts'

const points = fc.array(fc.array(fc.tuple(fc.nat(30), fc.nat(1000), fc.double()), { minLength: 1, maxLength: 20 }), {
  maxLength: 8,
})

function build(batches: [number, number, number][][]) {
  const builder = new SeriesBuilder()
  for (const batch of batches)
    builder.push(
      Float64Array.from(batch, (p) => p[0]),
      Float64Array.from(batch, (p) => p[1]),
      0,
      Float64Array.from(batch, (p) => p[2]),
      0,
      Number.POSITIVE_INFINITY,
    )
  return builder
}

test('a series is what a map of its steps is: ascending, and the last write of a step wins', () => {
  fc.assert(
    fc.property(points, (batches) => {
      const map = new Map(batches.flat().map(([step, time, value]) => [step, { time, value }]))
      const steps = [...map.keys()].toSorted((a, b) => a - b)
      const series = build(batches).series()
      expect([...series.steps]).toEqual(steps)
      expect([...series.times]).toEqual(steps.map((s) => map.get(s)?.time))
      expect([...series.values]).toEqual(steps.map((s) => map.get(s)?.value))
    }),
  )
})

test('points may be added after a series was read', () => {
  const builder = build([
    [
      [3, 0, 3],
      [1, 0, 1],
    ],
  ])
  expect([...builder.series().steps]).toEqual([1, 3])
  builder.push(Float64Array.of(2, 3), null, 9, Float64Array.of(2, 33), 0, Number.POSITIVE_INFINITY)
  expect([...builder.series().values]).toEqual([1, 2, 33])
  expect([...builder.series().times]).toEqual([0, 9, 9])
})

test('a summary that grew batch by batch is the summary of the whole, or says that it cannot tell', () => {
  fc.assert(
    fc.property(points, (batches) => {
      let summary: ReturnType<typeof extendSummary> | undefined
      for (const batch of batches) {
        const [steps, times, values] = [0, 1, 2].map((column) => Float64Array.from(batch, (p) => p[column] as number))
        summary = extendSummary(
          summary ?? undefined,
          steps as Float64Array,
          times as Float64Array,
          0,
          values as Float64Array,
        )
        if (summary === null) return
      }
      expect(summary ?? null).toEqual(summarize(build(batches).series()))
    }),
  )
})

test('attempts take over where they begin, and a later one that begins earlier takes all from there', () => {
  const view = attemptView([
    { attempt: 1, firstStep: 0 },
    { attempt: 2, firstStep: 1000 },
    { attempt: 3, firstStep: 500 },
  ])
  expect([1, 2, 3].map(view)).toEqual([
    { from: 0, to: 500 },
    { from: 1000, to: 500 },
    { from: 500, to: Number.POSITIVE_INFINITY },
  ])
  expect(attemptView([])(1)).toEqual({ from: 0, to: Number.POSITIVE_INFINITY })
})

test('ranges of a sequence know what is contiguous and what is missing, in whatever order it came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (numbers) => {
      const ranges = new SequenceRanges()
      for (const n of numbers) ranges.add(n)
      const there = new Set(numbers)
      let contiguous = 0
      while (there.has(contiguous + 1)) contiguous++
      expect(ranges.contiguous).toBe(contiguous)
      const missing = ranges
        .missing(100)
        .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
      const greatest = Math.max(0, ...numbers)
      expect(missing).toEqual(Array.from({ length: greatest }, (_, i) => i + 1).filter((n) => !there.has(n)))
      for (let n = 1; n <= 41; n++) expect(ranges.has(n)).toBe(there.has(n))
    }),
  )
})

const series = (rows: [number, number, number][]) => build([rows]).series()

test('lines over time are sorted by time, whatever the clocks said', () => {
  const line = byTime(
    series([
      [1, 30, 1],
      [2, 10, 2],
      [3, 20, 3],
    ]),
    10,
  ) // prettier-ignore
  expect([...line.x]).toEqual([0, 10, 20])
  expect([...line.y]).toEqual([2, 3, 1])
})

test('a line over tokens joins by step: exactly, or by the last value known', () => {
  const tokens = series([
    [10, 0, 1000],
    [20, 0, 2000],
  ]) // prettier-ignore
  const loss = series([
    [5, 0, 5],
    [10, 0, 4],
    [15, 0, 3],
    [20, 0, 2],
  ]) // prettier-ignore
  const exact = byMetric(loss, tokens, 'exact')
  expect([[...exact.x], [...exact.y]]).toEqual([
    [1000, 2000],
    [4, 2],
  ]) // prettier-ignore
  const known = byMetric(loss, tokens, 'lastKnown')
  expect([[...known.x], [...known.y]]).toEqual([
    [1000, 1000, 2000],
    [4, 3, 2],
  ]) // prettier-ignore
})

test('a cut keeps both its ends', () => {
  const line = byStep(
    series([
      [1, 0, 1],
      [2, 0, 2],
      [3, 0, 3],
      [4, 0, 4],
    ]),
  ) // prettier-ignore
  expect([...cut(line, 2, 3).y]).toEqual([2, 3])
  expect([...cut(line, undefined, 1).y]).toEqual([1])
  expect([...cut(line, 9, undefined).y]).toEqual([])
})
