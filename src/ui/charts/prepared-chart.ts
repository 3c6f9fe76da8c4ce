/** What a chart of lines is made of, from choices to what is drawn. */
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import type { ChartData, ChartLine } from '#src/protocol/chart-body.ts'
import type { GroupShape } from './group-words.ts'
import type { Scale } from './ticks.ts'

export interface ChartChoices {
  /** Null is off. */
  smoothing: Smoothing | null
  logY: boolean
  logX?: boolean
  /** The range of x in view; null: all of it. */
  zoom: readonly [number, number] | null
  /** The range of y in view; null: as the bounds and the data say. */
  zoomY?: readonly [number, number] | null
  /** Bounds of y; null at an end: as the data reach. */
  bounds?: readonly [number | null, number | null]
  /** False: y reaches over the middle of the values, and what lies beyond is counted. */
  outliers?: boolean
  /** CSS px of the plot, for the number of marks. */
  width: number
  height: number
  /** Room beside the plot for names of lines, CSS px. */
  right?: number
  /** The metric on the x axis `metric`. */
  xMetric?: string | null
  /** How the answer's groups were made; null: each run is a line of its own. */
  group?: GroupShape | null
  /** Draws the runs of a group behind its line. */
  members?: boolean
}

/** Parallel arrays in data units, ascending by x, for readings, table and CSV. */
export interface LineData {
  x: Float64Array
  y: Float64Array
  smoothed: Float64Array | null
  /** Extremes of each bucket, or the band of a group. */
  low: Float64Array | null
  high: Float64Array | null
  /** Of a group: runs with a value, per bucket. */
  nRuns: Uint16Array | null
}

/** Runs drawn as one line. */
export interface PreparedGroup {
  name: string
  /** Its place among the groups of the chart, from 0. */
  order: number
  runs: readonly number[]
  shape: GroupShape
}

export interface PreparedLine {
  id: string
  /** Of a group its first run. */
  run: number
  group: PreparedGroup | null
  metric: string
  attempt: number | null
  isSuperseded: boolean
  /** A run of a group that is drawn behind the group's line: seen, and not read. */
  isMember: boolean
  isExact: boolean
  data: LineData
  /** Interleaved x, y in axis units (log10 of y on a log scale) as far as it is in view; a row with NaN breaks the line. */
  drawn: Float64Array
  /** The raw line behind a smoothed one. */
  faint: Float64Array | null
  /** Interleaved x, low, high of the extremes per bucket; NaN rows break it. */
  band: Float64Array | null
  nonFinite: ChartLine['non_finite']
}

export interface PreparedChart {
  axis: XAxis
  xMetric: string | null
  /** Of an axis of cost. */
  currency: string | null
  lines: PreparedLine[]
  x: Scale
  y: Scale
  isLog: boolean
  /** Points in the range, points of the whole series, and points of superseded attempts, summed over lines. */
  n: number
  nTotal: number
  nSuperseded: number
  nonFiniteN: number
  /** Buckets were drawn instead of points. */
  isReduced: boolean
  /** Values at or below 0 that a log scale cannot show. */
  leftOutOfLog: number
  /** Values in the range of x that lie above or below the range of y. */
  beyondY: number
  /** Where later attempts begin. */
  resumes: { run: number; attempt: number; x: number }[]
  /** Ranges of x that only superseded attempts cover. */
  zones: { from: number; to: number }[]
  /** Epoch ms of the newest point. */
  lastT: number | null
  /** Runs that have no place on this axis, and why. */
  leftOut: readonly { run: number; why: string }[]
}

/** Above this many lines, bands and raw lines are left away. */
export const FEW_LINES = 8

/** Above this many lines they are a thicket: thin, unbroken and less finely resolved. */
export const MANY_LINES = 20

/** A line as it came, before anything is decided about how it is drawn. */
export type Decoded = Omit<PreparedLine, 'drawn' | 'faint' | 'band'>

/** What is drawn of a line, whole or as far as it is in view. */
export type Rows = Pick<PreparedLine, 'drawn' | 'faint' | 'band'>

/** Lines ready to be looked at: all that stays the same when the range in view does not. */
export interface ShapedLines {
  answer: ChartData
  group: GroupShape | null
  lines: readonly Decoded[]
  /** From the first to the last x. */
  extent: readonly [number, number]
  /** What is drawn of each line, whole. */
  rows(isLog: boolean, isLogX: boolean): readonly Rows[]
}
