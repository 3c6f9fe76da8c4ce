import { expect, test } from 'vitest'
import type { ChartAnswer, ChartSeries } from '#src/protocol/chart.ts'
import { chartSummary } from './chart-summary.ts'
import { linesCsv } from './lines-csv.ts'
import { type ChartChoices, prepareLines } from './prepare-lines.ts'
import { readAt } from './read-at.ts'

const pack = (array: Float64Array | Float32Array) => Buffer.from(array.buffer).toString('base64')
const range = (n: number) => Array.from({ length: n }, (_, i) => i)

function line(x: number[], y: number[], more: Partial<ChartSeries> = {}): ChartSeries {
  return {
    run: 1,
    run_uid: 'a',
    metric: 'loss',
    attempt: null,
    superseded: false,
    exact: true,
    n: x.length,
    n_total: x.length,
    shown: x.length,
    x: pack(Float64Array.from(x)),
    y: pack(Float64Array.from(y)),
    non_finite: [],
    non_finite_n: 0,
    last_step: x.at(-1) ?? null,
    last_t: 5,
    ...more,
  }
}

const buckets = (x: number[], low: number[], y: number[], high: number[]): ChartSeries =>
  line(x, y, {
    exact: false,
    y: pack(Float32Array.from(y)),
    min: pack(Float32Array.from(low)),
    max: pack(Float32Array.from(high)),
  })

const answer = (series: ChartSeries[], more: Partial<ChartAnswer> = {}): ChartAnswer => ({
  x: 'step',
  from: null,
  to: null,
  px: 100,
  attempts: [],
  series,
  ...more,
})

const plain: ChartChoices = { smoothing: 0, logY: false, zoom: null, width: 400, height: 160 }

test('exact points come out bit for bit, x and y interleaved', () => {
  const chart = prepareLines(answer([line([0, 1, 2], [0.1, 0.2, 0.3])]), plain)
  expect([...(chart.lines[0]?.drawn ?? [])]).toEqual([0, 0.1, 1, 0.2, 2, 0.3])
  expect(chart.n).toBe(3)
})

test('a NaN breaks the line, keeps its mark and moves no axis', () => {
  const series = line([0, 1, 2], [1, Number.NaN, 3], { non_finite: [{ x: 1, value: 'NaN' }], non_finite_n: 1 })
  const chart = prepareLines(answer([series]), plain)
  expect([...(chart.lines[0]?.drawn ?? [])]).toEqual([0, 1, 1, Number.NaN, 2, 3])
  expect(chart.lines[0]?.nonFinite).toEqual([{ x: 1, value: 'NaN' }])
  expect(chart.y.max).toBe(3)
  expect(chart.nonFiniteN).toBe(1)
})

test('a missing bucket is a gap, not a straight line across', () => {
  const x = range(101).filter((i) => i < 40 || i > 60)
  const chart = prepareLines(answer([buckets(x, x, x, x)]), plain)
  const drawn = [...(chart.lines[0]?.drawn ?? [])]
  expect(drawn.filter((v) => Number.isNaN(v))).toHaveLength(1)
  expect(chart.isReduced).toBe(true)
})

test('the band keeps the extremes of each bucket and the y axis reaches them', () => {
  const chart = prepareLines(answer([buckets([0, 1], [1, 1], [2, 2], [3, 90])], { px: 2 }), plain)
  expect([...(chart.lines[0]?.band ?? [])]).toEqual([0, 1, 3, 1, 1, 90])
  expect(chart.y.max).toBeGreaterThanOrEqual(90)
})

test('a smoothed line keeps its raw line behind it; two points are not smoothed', () => {
  const noisy = range(100).map((i) => (i % 2 === 0 ? 1 : 3))
  const smoothed = prepareLines(answer([line(range(100), noisy)]), { ...plain, smoothing: 0.8 }).lines[0]
  expect(smoothed?.faint).not.toBeNull()
  expect(smoothed?.data.smoothed?.at(-1)).toBeGreaterThan(1.5)
  expect(smoothed?.data.smoothed?.at(-1)).toBeLessThan(2.5)
  const short = prepareLines(answer([line([0, 1], [1, 3])]), { ...plain, smoothing: 0.8 }).lines[0]
  expect(short?.faint).toBeNull()
  expect([...(short?.drawn ?? [])]).toEqual([0, 1, 1, 3])
})

test('a schedule is drawn as it is, since it is smooth already', () => {
  const chart = prepareLines(answer([line(range(100), range(100))]), { ...plain, smoothing: 0.8 })
  expect(chart.lines[0]?.data.smoothed).toBeNull()
})

test('on a log scale values at or below zero are left out and counted', () => {
  const chart = prepareLines(answer([line([0, 1, 2], [10, 0, 1000])]), { ...plain, logY: true })
  expect(chart.isLog).toBe(true)
  expect(chart.leftOutOfLog).toBe(1)
  expect([...(chart.lines[0]?.drawn ?? [])]).toEqual([0, 1, 1, Number.NaN, 2, 3])
})

test('a line without positive values stays on a linear scale', () => {
  const chart = prepareLines(answer([line([0, 1], [-1, -2])]), { ...plain, logY: true })
  expect(chart.isLog).toBe(false)
  expect(chart.y.min).toBeLessThanOrEqual(-2)
})

test('superseded points are counted apart and make a zone; a resume is marked at its x', () => {
  const chart = prepareLines(
    answer([line([0, 1, 2], [1, 1, 1]), line([41, 47], [1, 1], { superseded: true, attempt: 1 })], {
      attempts: [
        { run: 1, attempt: 1, first_step: 0, x: 0 },
        { run: 1, attempt: 2, first_step: 41, x: 41 },
      ],
    }),
    plain,
  )
  expect(chart.n).toBe(3)
  expect(chart.nSuperseded).toBe(2)
  expect(chart.zones).toEqual([{ from: 41, to: 47 }])
  expect(chart.resumes).toEqual([{ run: 1, attempt: 2, x: 41 }])
})

test('zoom bounds the x axis exactly and the y axis follows what is in view', () => {
  const chart = prepareLines(answer([line(range(100), range(100))]), { ...plain, zoom: [10, 20] })
  expect([chart.x.min, chart.x.max]).toEqual([10, 20])
  expect([chart.y.min, chart.y.max]).toEqual([10, 20])
})

test('no points at all give an empty chart that can still be drawn', () => {
  const chart = prepareLines(answer([]), plain)
  expect(chart.lines).toEqual([])
  expect(chart.x.min).toBeLessThan(chart.x.max)
})

test('a reading is that of the nearest point and nothing beyond the reach', () => {
  const data = prepareLines(answer([line([0, 10, 20], [5, 6, 7])]), plain).lines[0]?.data
  if (!data) throw new Error('a line was prepared')
  expect(readAt(data, 12, 10)?.y).toBe(6)
  expect(readAt(data, 40, 10)).toBeNull()
})

test('the CSV holds every loaded point and defuses formulas', () => {
  const csv = linesCsv(prepareLines(answer([line([0, 1], [0.1, 0.2], { metric: '=1+1' })]), plain))
  expect(csv.split('\r\n')).toEqual([
    'run,metric,superseded,step,value,min,max',
    "1,'=1+1,no,0,0.1,,",
    "1,'=1+1,no,1,0.2,,",
    '',
  ])
})

test('the summary says last, least and greatest', () => {
  expect(chartSummary('loss', prepareLines(answer([line([0, 1, 2], [3, 1, 2])]), plain))).toBe(
    'loss over step, 3 points. Last 2 at Step 2, least 1, greatest 3.',
  )
})
