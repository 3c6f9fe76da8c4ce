import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Grid, GridLine } from '#src/core/metrics/grid.ts'
import type { ChartData, ChartLine } from '#src/protocol/chart-body.ts'
import { appendTail, tailBegin } from './append-tail.ts'

type Points = readonly { step: number; value: number }[]

const columns = (points: Points) => ({
  x: Float64Array.from(points, (p) => p.step),
  y: Float64Array.from(points, (p) => p.value),
})

/** What a server answers of these points. */
function lineOf(points: Points, from: number, grid: Grid, isExact: boolean): ChartLine {
  const inRange = points.filter((p) => p.step >= from)
  const bad = inRange.filter((p) => !Number.isFinite(p.value))
  const { x, y } = columns(inRange)
  const base = {
    run: 1,
    run_uid: 'a',
    metric: 'loss',
    attempt: null,
    superseded: false,
    n: inRange.length,
    n_total: points.length,
    base: 0,
    non_finite: bad.map((p) => ({ x: p.step, value: 'NaN' as const })),
    non_finite_n: bad.length,
    last_step: points.at(-1)?.step ?? null,
    last_t: null,
  }
  if (isExact) return { ...base, exact: true, shown: x.length, x, y }
  const onGrid = new GridLine(grid)
  onGrid.addPoints(x, y)
  const buckets = onGrid.buckets()
  return {
    ...base,
    exact: false,
    shown: buckets.x.length,
    x: buckets.x,
    y: Float32Array.from(buckets.y),
    min: Float32Array.from(buckets.min),
    max: Float32Array.from(buckets.max),
  }
}

const answer = (series: ChartLine[], more: Partial<ChartData> = {}): ChartData => ({
  x: 'step',
  from: null,
  to: null,
  px: 100,
  attempts: [{ run: 1, attempt: 1, first_step: 0, x: 0 }],
  series,
  grid: null,
  groups: [],
  last_write: 1,
  ...more,
})

const anyPoints = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 9 }),
      value: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: -99, max: 99 }) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      ),
    }),
    {
      minLength: 2,
      maxLength: 150,
    },
  )
  .map((list) => {
    let step = 0
    return list.map(({ gap, value }) => {
      step += gap
      return { step, value }
    })
  })
const grid = { x0: 0, dx: 12.7 }

describe('a chart with its tail appended', () => {
  test('equals the whole answer on the same grid', () => {
    fc.assert(
      fc.property(anyPoints, fc.double({ min: 0.1, max: 1, noNaN: true }), fc.boolean(), (points, share, isExact) => {
        const before = points.slice(0, Math.ceil(points.length * share))
        const chart = answer([lineOf(before, 0, grid, isExact)], { grid })
        const from = tailBegin(chart, new Set([1]))
        // Without a finite value a reduced line has no bucket to go on from.
        if (from === null) {
          expect(chart.series[0]?.x).toHaveLength(0)
          return
        }
        const tail = answer([lineOf(points, from, grid, isExact)], { from, grid, last_write: 7 })
        expect(appendTail(chart, tail)).toEqual(answer([lineOf(points, 0, grid, isExact)], { grid, last_write: 7 }))
      }),
    )
  })

  const points = Array.from({ length: 40 }, (_, step) => ({ step, value: step }))
  const exact = (list: Points, from = 0) => lineOf(list, from, grid, true)
  const chart = answer([exact(points.slice(0, 30))])

  test('is fetched as a whole when something before the tail was rewritten', () => {
    const more = exact(
      [{ step: 3.5, value: 1 }, ...points].toSorted((a, b) => a.step - b.step),
      29,
    )
    expect(appendTail(chart, answer([more], { from: 29 }))).toBeNull()
    expect(appendTail(chart, answer([exact(points, 29)], { from: 29 }))).not.toBeNull()
  })

  test('is fetched as a whole when an attempt or a line was added, or a line is reduced now', () => {
    const tail = answer([exact(points, 29)], { from: 29 })
    const added = { run: 1, attempt: 2, first_step: 20, x: 20 }
    expect(appendTail(chart, { ...tail, attempts: [...tail.attempts, added] })).toBeNull()
    expect(appendTail(chart, { ...tail, series: [...tail.series, { ...exact(points, 29), metric: 'lr' }] })).toBeNull()
    expect(appendTail(chart, answer([lineOf(points, 29, grid, false)], { from: 29 }))).toBeNull()
  })

  test('is fetched as a whole when it has more than four buckets per pixel', () => {
    const fine = { x0: 0, dx: 1 }
    const reduced = answer([lineOf(points.slice(0, 30), 0, fine, false)], { px: 9, grid: fine })
    const tail = (end: number) => answer([lineOf(points.slice(0, end), 29, fine, false)], { from: 29, grid: fine })
    expect(appendTail(reduced, tail(36))).not.toBeNull()
    expect(appendTail(reduced, tail(37))).toBeNull()
  })

  test('leaves the lines of other runs as they are', () => {
    const other = { ...exact(points.slice(0, 3)), run: 2, run_uid: 'b' }
    const both = answer([exact(points.slice(0, 30)), other])
    expect(tailBegin(both, new Set([1]))).toBe(29)
    const grown = appendTail(both, answer([exact(points, 29)], { from: 29 }))
    expect(grown?.series.map((line) => line.n)).toEqual([40, 3])
    expect(grown?.series[1]).toBe(other)
  })

  test('is not tried where it is a part, over times, of groups, or shows superseded points', () => {
    const runs = new Set([1])
    expect(tailBegin(chart, runs)).toBe(29)
    expect(tailBegin({ ...chart, from: 3 }, runs)).toBeNull()
    expect(tailBegin({ ...chart, x: 'time' }, runs)).toBeNull()
    expect(tailBegin(answer([{ ...exact(points), superseded: true }]), runs)).toBeNull()
  })

  test('keeps the values of lines that lie far from zero', () => {
    const far = (base: number, list: number[]) => ({
      ...exact(points.slice(0, list.length)),
      exact: false,
      base,
      y: Float32Array.from(list, (v) => v - base),
      non_finite: [],
    })
    const whole = answer([{ ...far(1e9, [1e9, 1e9 + 1]), n_total: 2 }], { grid })
    const tail = answer([{ ...far(1e9 + 2, [1e9 + 1, 1e9 + 2]), x: Float64Array.of(1, 2), n_total: 3 }], {
      from: 1,
      grid,
    })
    const [line] = appendTail(whole, tail)?.series ?? []
    expect([...(line?.y ?? [])].map((v) => v + (line?.base ?? 0))).toEqual([1e9, 1e9 + 1, 1e9 + 2])
  })
})
