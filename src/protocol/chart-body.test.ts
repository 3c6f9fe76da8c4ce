import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChartData, type ChartLine, decodeChart, encodeChart } from './chart-body.ts'

const floats = fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { maxLength: 20 })

const anyLine = fc
  .record({ metric: fc.string(), x: floats, y: floats, isExact: fc.boolean(), min: fc.option(floats) })
  .map(
    ({ metric, x, y, isExact, min }): ChartLine => ({
      run: 1,
      run_uid: 'a',
      metric,
      attempt: null,
      superseded: false,
      exact: isExact,
      n: x.length,
      n_total: x.length,
      shown: x.length,
      x: Float64Array.from(x),
      y: isExact ? Float64Array.from(y) : Float32Array.from(y),
      ...(min && { min: Float32Array.from(min) }),
      base: 0,
      non_finite: [],
      non_finite_n: 0,
      last_step: 3,
      last_t: null,
    }),
  )

const anyChart = fc.array(anyLine, { maxLength: 5 }).map(
  (series): ChartData => ({
    x: 'step',
    from: null,
    to: 7,
    px: 800,
    attempts: [{ run: 1, attempt: 2, first_step: 5, x: null }],
    series,
    grid: { x0: 0, dx: 2 },
    groups: [
      {
        group: 'all',
        runs: [1, 2],
        metric: 'loss',
        shown: 3,
        x: Float64Array.of(1, 2, 3),
        center: Float32Array.of(1, 2, 3),
        n_runs: Uint16Array.of(1, 2, 1),
      },
    ],
    last_write: 5,
  }),
)

test('a chart comes back from its bytes as it was, type for type and NaN for NaN', () => {
  fc.assert(
    fc.property(anyChart, (chart) => {
      expect(decodeChart(encodeChart(chart).buffer)).toEqual(chart)
    }),
  )
})

test('arrays lie over the bytes that came, none is copied', () => {
  const [chart] = fc.sample(anyChart, { numRuns: 1, seed: 7 })
  const { buffer } = encodeChart(chart as ChartData)
  expect(decodeChart(buffer).groups[0]?.x.buffer).toBe(buffer)
})

test('bytes that are cut are refused wherever the cut is', () => {
  const [chart] = fc.sample(anyChart, { numRuns: 1, seed: 7 })
  const { buffer } = encodeChart(chart as ChartData)
  // The last array is padded: its last two bytes carry nothing.
  for (let length = 0; length < buffer.byteLength - 7; length++)
    expect(() => decodeChart(buffer.slice(0, length))).toThrow(/too short|no whole header|cannot be read|does not lie/)
})
