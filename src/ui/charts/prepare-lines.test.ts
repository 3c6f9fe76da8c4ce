import { expect, test } from 'vitest'
import type { ChartData, ChartGroup, ChartLine } from '#src/protocol/chart-body.ts'
import { chartSummary } from './chart-summary.ts'
import { groupWords } from './group-words.ts'
import { linesCsv } from './lines-csv.ts'
import { ofRuns, prepareLines } from './prepare-lines.ts'
import type { ChartChoices } from './prepared-chart.ts'
import { readAt } from './read-at.ts'
import { readingsAt } from './readings.ts'
import { shapeLines } from './shape-lines.ts'
import { viewLines } from './view-lines.ts'

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

function line(x: number[], y: number[], more: Partial<ChartLine> = {}): ChartLine {
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
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    base: 0,
    non_finite: [],
    non_finite_n: 0,
    last_step: x.at(-1) ?? null,
    last_t: 5,
    ...more,
  }
}

const buckets = (x: number[], low: number[], y: number[], high: number[]): ChartLine =>
  line(x, y, {
    exact: false,
    y: Float32Array.from(y),
    min: Float32Array.from(low),
    max: Float32Array.from(high),
  })

const answer = (series: ChartLine[], more: Partial<ChartData> = {}): ChartData => ({
  x: 'step',
  from: null,
  to: null,
  px: 100,
  attempts: [],
  series,
  grid: null,
  groups: [],
  last_write: null,
  ...more,
})

const plain: ChartChoices = { smoothing: null, logY: false, zoom: null, width: 400, height: 160 }

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
  const smoothed = prepareLines(answer([line(range(100), noisy)]), {
    ...plain,
    smoothing: { kind: 'ema', amount: 0.8 },
  }).lines[0]
  expect(smoothed?.faint).not.toBeNull()
  expect(smoothed?.data.smoothed?.at(-1)).toBeGreaterThan(1.5)
  expect(smoothed?.data.smoothed?.at(-1)).toBeLessThan(2.5)
  const short = prepareLines(answer([line([0, 1], [1, 3])]), { ...plain, smoothing: { kind: 'ema', amount: 0.8 } })
    .lines[0]
  expect(short?.faint).toBeNull()
  expect([...(short?.drawn ?? [])]).toEqual([0, 1, 1, 3])
})

test('a schedule is drawn as it is, since it is smooth already', () => {
  const chart = prepareLines(answer([line(range(100), range(100))]), {
    ...plain,
    smoothing: { kind: 'ema', amount: 0.8 },
  })
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

test('what lies outside of the view is not drawn, but for the points beside it', () => {
  const x = range(100).filter((i) => i < 40 || i > 60)
  const shaped = shapeLines(answer([buckets(x, x, x, x)]), plain)
  const drawnIn = (zoom: [number, number]) => {
    const [line] = viewLines(shaped, { ...plain, zoom }).lines
    return [
      [...(line?.drawn ?? [])].filter((_, i) => i % 2 === 0),
      [...(line?.band ?? [])].filter((_, i) => i % 3 === 0),
    ]
  }
  expect(drawnIn([10, 12.5])).toEqual([
    [9, 10, 11, 12, 13],
    [9, 10, 11, 12, 13],
  ])
  expect(drawnIn([98, 200])[0]).toEqual([97, 98, 99])
  expect(drawnIn([-5, 0])[0]).toEqual([0, 1])
  // Inside of a gap nothing is drawn: the row that breaks the line lies at its beginning.
  const gap = viewLines(shaped, { ...plain, zoom: [45, 50] }).lines[0]?.drawn ?? new Float64Array()
  expect([...gap]).toEqual([39, Number.NaN, 61, 61])
  expect(viewLines(shaped, plain).lines[0]?.drawn).toHaveLength(2 * (x.length + 1))
})

test('of many lines each is smoothed, and no raw line lies behind it', () => {
  const noisy = range(100).map((i) => (i % 2 === 0 ? 1 : 3))
  const lines = range(20).map((run) => line(range(100), noisy, { run, run_uid: `r${run}` }))
  const chart = prepareLines(answer(lines), { ...plain, smoothing: { kind: 'ema', amount: 0.8 } })
  expect(chart.lines.every(({ data, faint }) => data.smoothed !== null && faint === null)).toBe(true)
})

test('a zoom does not smooth anew what was asked for the whole range, points of the zoom are smoothed by its pixels', () => {
  const noisy = range(400).map((i) => (i % 2 === 0 ? 1 : 3))
  const last = (zoom: [number, number] | null, more: Partial<ChartData> = {}) =>
    prepareLines(answer([line(range(400), noisy)], more), {
      ...plain,
      zoom,
      smoothing: { kind: 'ema', amount: 0.9 },
    }).lines[0]?.data.smoothed?.at(-1) ?? Number.NaN
  expect(last([300, 399])).toBe(last(null))
  expect(last([300, 399], { from: 300, to: 399 })).toBeGreaterThan(last(null))
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

test('the base of a reduced line is added to mean and extremes', () => {
  const chart = prepareLines(
    answer([{ ...buckets([0, 1], [-1, 0], [0, 1], [1, 2]), base: 1e6 }], { grid: { x0: 0, dx: 1 } }),
    plain,
  )
  const data = chart.lines[0]?.data
  expect([[...(data?.low ?? [])], [...(data?.y ?? [])], [...(data?.high ?? [])]]).toEqual([
    [999_999, 1e6],
    [1e6, 1_000_001],
    [1_000_001, 1_000_002],
  ])
})

test('a usual distance of points is no gap, however narrow the grid', () => {
  const x = range(20).map((i) => i * 10)
  const chart = prepareLines(answer([buckets(x, x, x, x)], { grid: { x0: 0, dx: 1 } }), plain)
  expect([...(chart.lines[0]?.drawn ?? [])].some(Number.isNaN)).toBe(false)
})

test('a line that came smoothed is not smoothed again, and is left raw where smoothing is off', () => {
  const noisy = range(100).map((i) => (i % 2 === 0 ? 1 : 3))
  const series = line(range(100), noisy, { smoothed: Float64Array.from(noisy, () => 2) })
  const smoothed = prepareLines(answer([series]), { ...plain, smoothing: { kind: 'mean', amount: 9 } }).lines[0]
  expect([...(smoothed?.data.smoothed ?? [])]).toEqual(noisy.map(() => 2))
  expect(prepareLines(answer([series]), plain).lines[0]?.data.smoothed).toBeNull()
})

test('the same line is smoothed more where it lies denser on the screen', () => {
  const noisy = range(400).map((i) => (i % 2 === 0 ? 1 : 3))
  const swing = (width: number) => {
    const chart = prepareLines(answer([line(range(400), noisy)]), {
      ...plain,
      width,
      smoothing: { kind: 'ema', amount: 0.9 },
    })
    const smoothed = chart.lines[0]?.data.smoothed?.slice(-10) ?? new Float64Array()
    return Math.max(...smoothed) - Math.min(...smoothed)
  }
  expect(swing(200)).toBeLessThan(swing(1600) / 2)
})

const group = (name: string, runs: number[], more: Partial<ChartGroup> = {}): ChartGroup => ({
  group: name,
  runs,
  metric: 'loss',
  shown: 3,
  x: Float64Array.of(0, 1, 2),
  center: Float32Array.of(2, 3, 4),
  low: Float32Array.of(1, Number.NaN, 3),
  high: Float32Array.of(3, Number.NaN, 9),
  n_runs: Uint16Array.of(2, 1, 2),
  ...more,
})
const shape = { center: 'mean', band: 'ci95' } as const

test('groups are drawn in place of their runs, with their band and how many runs spoke', () => {
  const chart = prepareLines(
    answer([line([0, 1], [7, 8]), line([0, 1], [7, 8], { run: 2, superseded: true })], {
      grid: { x0: 0, dx: 1 },
      groups: [group('lr 1', [1, 2]), group('lr 2', [3, 4])],
      attempts: [{ run: 1, attempt: 2, first_step: 1, x: 1 }],
    }),
    { ...plain, group: shape },
  )
  expect(chart.lines.map((l) => [l.group?.name, l.group?.order, l.run])).toEqual([
    ['lr 1', 0, 1],
    ['lr 2', 1, 3],
  ])
  const [first] = chart.lines
  expect([...(first?.drawn ?? [])]).toEqual([0, 2, 1, 3, 2, 4])
  expect([...(first?.band ?? [])]).toEqual([0, 1, 3, 1, Number.NaN, Number.NaN, 2, 3, 9])
  expect([...(first?.data.nRuns ?? [])]).toEqual([2, 1, 2])
  expect(chart.y.max).toBeGreaterThanOrEqual(9)
  expect(chart.resumes).toEqual([])
  expect(chart.zones).toEqual([])
})

test('members of groups are drawn behind their line on demand, and neither read nor saved', () => {
  const more = { groups: [group('lr 1', [1, 2])] }
  const shown = answer([line([0, 1], [1, 2]), line([0, 1], [3, 4], { run: 2, run_uid: 'b' })], more)
  expect(prepareLines(shown, { ...plain, group: shape }).lines).toHaveLength(1)
  const chart = prepareLines(shown, { ...plain, group: shape, members: true })
  expect(chart.lines.map((l) => [l.isMember, l.run, l.group?.name])).toEqual([
    [true, 1, 'lr 1'],
    [true, 2, 'lr 1'],
    [false, 1, 'lr 1'],
  ])
  expect(readingsAt(chart, 0).every((r) => !r.line.isMember)).toBe(true)
  expect(linesCsv(chart)).toBe(linesCsv(prepareLines(shown, { ...plain, group: shape })))
})

test('the CSV of groups names center, band and runs', () => {
  const chart = prepareLines(answer([], { groups: [group('lr 1', [1, 2])] }), { ...plain, group: shape })
  expect(linesCsv(chart).split('\r\n').slice(0, 3)).toEqual([
    'group,runs,metric,step,mean,mean_minus_ci95,mean_plus_ci95,n_runs',
    'lr 1,1 2,loss,0,2,1,3,2',
    'lr 1,1 2,loss,1,3,NaN,NaN,1',
  ])
})

test('the CSV over another metric names it, and defuses it', () => {
  const chart = prepareLines(answer([line([0.5], [1])], { x: 'metric' }), { ...plain, xMetric: '=lr' })
  expect(linesCsv(chart).split('\r\n')[0]).toBe("run,metric,superseded,'=lr,value,min,max")
})

test.each([
  [{ center: 'mean', band: 'ci95' }, [5, 5], 'mean of 5 runs, 95 % CI'],
  [{ center: 'mean', band: 'none' }, [1], 'mean of 1 run'],
  [{ center: 'median', band: 'min_max' }, [3, 5], 'median of 3 to 5 runs, min to max'],
  [{ center: 'median', band: 'sd' }, [4], 'median of 4 runs, ± 1 SD of the mean'],
] as const)('%o of %o runs is said as %s', (of, runs, words) => expect(groupWords(of, runs)).toBe(words))

test('what has no place on the axis is told with its reason', () => {
  const left = [{ run: 3, why: 'no tokens were logged' }]
  const chart = prepareLines(answer([line([0, 1], [1, 2])], { x: 'lineage_tokens', left_out: left }), plain)
  expect(chart.leftOut).toEqual(left)
  expect(chartSummary('loss', chart)).toBe(
    'loss over tokens since root, 2 points. Last 2 at 1 tokens since the root, least 1, greatest 2. Run 3 is not drawn: no tokens were logged.',
  )
})

test('device-hours and other metrics are marked between whole numbers, tokens on them', () => {
  const marks = (x: ChartData['x']) => prepareLines(answer([line([0, 1.2], [1, 2])], { x }), plain).x.at
  expect(marks('lineage_device_hours').some((at) => !Number.isInteger(at))).toBe(true)
  expect(marks('metric').some((at) => !Number.isInteger(at))).toBe(true)
  expect(marks('lineage_tokens').every(Number.isInteger)).toBe(true)
})

test('a log x axis keeps its ends, begins at the first place above 0 and is marked at decades', () => {
  const chart = prepareLines(answer([line([0, 1, 10, 100], [1, 2, 3, 4])]), { ...plain, logX: true })
  expect([chart.x.min, chart.x.max, chart.x.isLog]).toEqual([1, 100, true])
  expect(chart.x.at).toContain(10)
  expect([...(chart.lines[0]?.drawn ?? [])]).toEqual([0, 2, 1, 3, 2, 4])
})

test('without outliers y reaches over the middle of the values, and what lies beyond is counted', () => {
  const y = range(200).map((i) => (i === 50 ? 1000 : 1 + (i % 10) / 10))
  const series = answer([line(range(200), y)])
  expect(prepareLines(series, plain).y.max).toBeGreaterThanOrEqual(1000)
  const chart = prepareLines(series, { ...plain, outliers: false })
  expect(chart.y.max).toBeLessThan(3)
  expect(chart.beyondY).toBe(1)
})

test('bounds and a zoom of y stand as they were chosen, and what lies beyond is counted', () => {
  const series = answer([line([0, 1, 2], [1, 2, 3])])
  const bound = prepareLines(series, { ...plain, bounds: [0, 2.5] })
  expect([bound.y.min, bound.y.max, bound.beyondY]).toEqual([0, 2.5, 1])
  const zoomed = prepareLines(series, { ...plain, bounds: [0, 2.5], zoomY: [1.5, 2.5] })
  expect([zoomed.y.min, zoomed.y.max, zoomed.beyondY]).toEqual([1.5, 2.5, 2])
})

test('runs that are not shown are left out, and the lines that stay are the same objects', () => {
  const all = answer([line([0, 1], [1, 2]), line([0, 1], [3, 4], { run: 2, run_uid: 'b' })])
  const some = ofRuns(all, new Set([2]))
  expect(some.series).toEqual([all.series[1]])
  const before = shapeLines(all, plain).lines[1]
  expect(shapeLines(some, plain).lines[0]).toBe(before)
})
