import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRough, type Smoothing, smoothLine } from './smooth-line.ts'

const of = (...values: number[]) => Float64Array.from(values)
const range = (n: number) => Float64Array.from({ length: n }, (_, i) => i)
const KINDS: Smoothing[] = [
  { kind: 'ema', amount: 0.9 },
  { kind: 'mean', amount: 5 },
  { kind: 'gaussian', amount: 5 },
]

const line = fc
  .array(
    fc.tuple(
      fc.double({ min: 0.01, max: 50, noNaN: true }),
      fc.oneof(
        { weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      ),
    ),
    { maxLength: 60 },
  )
  .map((points) => {
    let at = 0
    return { x: Float64Array.from(points, (p) => (at += p[0])), y: Float64Array.from(points, (p) => p[1]) }
  })

describe.each(KINDS)('$kind', (smoothing) => {
  test('never leaves the range of the values, and leaves what is not finite as it is', () => {
    fc.assert(
      fc.property(line, ({ x, y }) => {
        const finite = y.filter(Number.isFinite)
        const slack = 1e-9 * Math.max(1, ...finite.map(Math.abs))
        smoothLine(x, y, smoothing, 1).forEach((value, i) => {
          if (!Number.isFinite(y[i])) expect(value).toBe(y[i])
          else {
            expect(value).toBeGreaterThanOrEqual(Math.min(...finite) - slack)
            expect(value).toBeLessThanOrEqual(Math.max(...finite) + slack)
          }
        })
      }),
    )
  })

  test('leaves a flat line flat, to the bit', () => {
    fc.assert(
      fc.property(line, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ({ x }, value) => {
        const flat = x.map(() => value)
        expect(smoothLine(x, flat, smoothing, 1)).toEqual(flat)
      }),
    )
  })

  test('depends on distance in pixels only: the same line at another scale of x is the same', () => {
    fc.assert(
      fc.property(line, fc.constantFrom(2 ** -10, 2, 1024), ({ x, y }, scale) => {
        const scaled = smoothLine(
          x.map((at) => at * scale),
          y,
          smoothing,
          scale,
        )
        smoothLine(x, y, smoothing, 1).forEach((value, i) => {
          if (Number.isFinite(value)) expect(scaled[i]).toBeCloseTo(value, 5)
        })
      }),
    )
  })

  test('weakens a swing and keeps its middle', () => {
    const smoothed = smoothLine(
      range(200),
      range(200).map((i) => i % 2),
      smoothing,
      1,
    )
    for (const value of smoothed.subarray(50, 150)) expect(Math.abs(value - 0.5)).toBeLessThan(0.15)
  })

  test('is off at 0', () => {
    const y = of(1, 9, 2)
    expect(smoothLine(range(3), y, { ...smoothing, amount: 0 }, 1)).toEqual(y)
  })
})

test('the average equals its formula: Σ wᵈ yᵢ / Σ wᵈ', () => {
  const [x, y] = [of(0, 1, 5, 6.5), of(3, 1, 4, 1)]
  const smoothed = smoothLine(x, y, { kind: 'ema', amount: 0.8 }, 2)
  x.forEach((at, n) => {
    const weights = [...x].slice(0, n + 1).map((before) => 0.8 ** ((at - before) / 2))
    const sum = weights.reduce((total, w, i) => total + w * (y[i] as number), 0)
    expect(smoothed[n]).toBeCloseTo(sum / weights.reduce((a, b) => a + b, 0), 12)
  })
})

test('the average begins at the first value and is not pulled to 0', () =>
  expect(smoothLine(range(3), of(5, 5, 5), { kind: 'ema', amount: 0.99 }, 1)[0]).toBe(5))

test('an average forgets over a gap by its width', () => {
  const smoothed = smoothLine(of(0, 1, 2, 1000), of(0, 0, 0, 1), { kind: 'ema', amount: 0.9 }, 1)
  expect(smoothed[3]).toBeCloseTo(1, 9)
})

test('a running mean takes half a window on both sides', () =>
  expect([...smoothLine(range(5), of(0, 0, 9, 0, 0), { kind: 'mean', amount: 2 }, 1)]).toEqual([0, 3, 3, 3, 0]))

test('a Gaussian weighs half at half of its width at half height', () => {
  const smoothed = smoothLine(of(0, 2), of(0, 1), { kind: 'gaussian', amount: 4 }, 1)
  expect(smoothed[0]).toBeCloseTo(0.5 / 1.5, 9)
})

test.each([
  ['two points', [1, 2], false],
  ['a schedule', [1, 2, 3, 4, 5, 4, 3, 2, 1, 0, -1, -2, -3, -4], false],
  ['a flat line', [1, 1, 1, 1, 1], false],
  ['noise', [1, 3, 1, 3, 2, 4], true],
  ['noise with gaps', [1, Number.NaN, 3, 1, Number.POSITIVE_INFINITY, 3, 1], true],
] as const)('%s: worth smoothing %s', (_, values, expected) => expect(isRough(of(...values))).toBe(expected))

test.each(['mean', 'gaussian'] as const)(
  'a window over all of a long line ends in time and gives its middle (%s)',
  (kind) => {
    const n = 60_000
    const x = Float64Array.from({ length: n }, (_, i) => i)
    const y = x.map((at) => Math.sin(at / 50) + at / n)
    const smoothed = smoothLine(x, y, { kind, amount: 4_000 }, n / 400)
    expect(smoothed[n / 2]).toBeCloseTo(0.5, 1)
  },
)
