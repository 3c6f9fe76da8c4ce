import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChartData, type ChartLine, decodeChart, encodeChart } from './chart-body.ts'

const floats = fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { maxLength: 20 })

/** Numbers at even distances, as most x are, and such that one of them is not quite. */
const even = fc
  .record({ n: fc.nat({ max: 20 }), first: fc.integer(), by: fc.double(), off: fc.boolean() })
  .map(({ n, first, by, off }) => Array.from({ length: n }, (_, i) => first + i * by + (off && i === 5 ? 1 : 0)))

const anyLine = fc
  .record({ metric: fc.string(), x: fc.oneof(floats, even), y: floats, isExact: fc.boolean(), min: fc.option(floats) })
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

test('numbers at even distances take no bytes', () => {
  const [chart] = fc.sample(anyChart, 1)
  if (!chart) throw new Error('No chart was made.')
  const lineOf = (x: Float64Array): ChartLine => ({
    run: 1,
    run_uid: 'a',
    metric: 'loss',
    attempt: null,
    superseded: false,
    exact: true,
    n: 0,
    n_total: 0,
    shown: 0,
    x,
    y: new Float64Array(0),
    base: 0,
    non_finite: [],
    non_finite_n: 0,
    last_step: null,
    last_t: null,
  })
  const bytes = (x: Float64Array) => encodeChart({ ...chart, series: [lineOf(x)], groups: [] }).length
  const plain = bytes(new Float64Array(0))
  expect(bytes(Float64Array.from({ length: 1_000 }, (_, i) => 3 + i * 8)) - plain).toBeLessThan(64)
  expect(bytes(Float64Array.from({ length: 1_000 }, (_, i) => i * i)) - plain).toBeGreaterThanOrEqual(8_000)
})
