import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinSeries, mergeSeries, sliceSeries } from './merge-series.ts'
import type { Series } from './series.ts'

const anySeries = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 })
  .chain((steps) => fc.tuple(fc.constant(steps.toSorted((a, b) => a - b)), fc.integer({ min: 0, max: 1e6 })))
  .map(
    ([steps, seed]): Series => ({
      steps: Float64Array.from(steps),
      times: Float64Array.from(steps, (s) => s * 1000 + seed),
      values: Float64Array.from(steps, (s) => s / 3 + seed),
    }),
  )

const points = ({ steps, times, values }: Series) => [...steps].map((step, i) => [step, times[i], values[i]])

test('a merge is what a map of both gives, the newer one written last', () => {
  fc.assert(
    fc.property(anySeries, anySeries, (under, over) => {
      const map = new Map([...points(under), ...points(over)].map((point) => [point[0], point]))
      const expected = [...map.values()].toSorted((a, b) => (a[0] as number) - (b[0] as number))
      expect(points(mergeSeries(under, over))).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

test('a series that is cut and joined again is the same', () => {
  fc.assert(
    fc.property(anySeries, fc.nat(40), (series, at) => {
      const n = series.steps.length
      const cut = Math.min(at, n)
      expect(points(joinSeries(sliceSeries(series, 0, cut), sliceSeries(series, cut, n)))).toEqual(points(series))
    }),
  )
})
