import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineSummaries, summarize } from './summary.ts'

const points = fc.uniqueArray(
  fc.record({
    step: fc.integer({ min: 0, max: 300 }),
    value: fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constantFrom(Number.NaN, Infinity, -Infinity)),
  }),
  {
    selector: (p) => p.step,
    maxLength: 60,
  },
)

const seriesOf = (list: readonly { step: number; value: number }[]) => ({
  steps: Float64Array.from(list, (p) => p.step),
  times: Float64Array.from(list, (p) => p.step * 10),
  values: Float64Array.from(list, (p) => p.value),
})

test('parts whose steps are apart have together the summary of the whole, however they are cut and ordered', () => {
  fc.assert(
    fc.property(points, fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 4 }), (list, cuts) => {
      const sorted = list.toSorted((a, b) => a.step - b.step)
      const bounds = [-1, ...cuts.toSorted((a, b) => a - b), 300]
      const parts = bounds.slice(1).map((to, i) => sorted.filter((p) => p.step > (bounds[i] as number) && p.step <= to))
      const told = parts.toReversed().flatMap((part) => summarize(seriesOf(part)) ?? [])
      expect(combineSummaries(told)).toEqual(summarize(seriesOf(sorted)))
    }),
  )
})
