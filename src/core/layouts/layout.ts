/**
 * A workspace of charts as data: sections, the panels in them, and how they are looked at. What a person has not touched is not in it:
 * a section with a prefix is filled from the keys that runs have logged (`compose.ts`).
 */
import type { GROUP_BANDS, GROUP_CENTERS, XAxis } from '../metrics/chart-choices.ts'
import type { Smoothing } from '../metrics/smooth-line.ts'

export const GROUPED_BY = ['all', 'experiment', 'config'] as const

/** Runs drawn as one line each group. */
export interface Grouping {
  by: (typeof GROUPED_BY)[number]
  /** Path into the config, for `config`. */
  key?: string | undefined
  center: (typeof GROUP_CENTERS)[number]
  band: (typeof GROUP_BANDS)[number]
}

/** How charts are looked at. */
export interface Look {
  x: XAxis
  /** The metric of the x axis `metric`. */
  xMetric: string | null
  /** Null is off. */
  smoothing: Smoothing | null
  logX: boolean
  logY: boolean
  /** False: the y axis reaches over the middle 98 % of the values, and the chart says how many lie beyond. */
  outliers: boolean
  /** Bounds of y in data units; null: as the data reach. */
  yMin: number | null
  yMax: number | null
  /** Null: each run is a line of its own. */
  group: Grouping | null
  /** Points of superseded attempts too. */
  superseded: boolean
}

/** What a section or a chart has of its own; the rest comes from above it. */
export type LookOverride = Partial<Look>

export const DEFAULT_LOOK: Look = {
  x: 'step',
  xMetric: null,
  smoothing: { kind: 'ema', amount: 0.9 },
  logX: false,
  logY: false,
  outliers: true,
  yMin: null,
  yMax: null,
  group: null,
  superseded: false,
}

export const PANEL_KINDS = ['line', 'scatter', 'bar', 'histogram', 'parallel', 'table', 'text', 'number'] as const
export type PanelKind = (typeof PANEL_KINDS)[number]

export const AGGREGATES = ['mean', 'median', 'min', 'max', 'sum', 'count'] as const
export type Aggregate = (typeof AGGREGATES)[number]

/** What every panel has. */
export interface PanelFrame {
  /** Unique in its layout. */
  id: string
  /** Absent: named by what it shows. */
  title?: string
  /** 1 to 12 columns; absent: as the room allows. */
  width?: number
  /** CSS px of the plot; absent: the usual. */
  height?: number
  look?: LookOverride
}

export interface LinePanel extends PanelFrame {
  kind: 'line'
  metrics: string[]
}

/** Fields are those of the search grammar: `config.lr`, `metrics.loss.min`, `eval.mmlu.delta`, `cost`. */
export interface ScatterPanel extends PanelFrame {
  kind: 'scatter'
  x: string
  y: string
  /** A field that colours the dots. */
  colour?: string
}

export interface BarPanel extends PanelFrame {
  kind: 'bar'
  field: string
  /** A field whose values make the bars; absent: a bar per run. */
  by?: string
  aggregate?: Aggregate
}

export interface HistogramPanel extends PanelFrame {
  kind: 'histogram'
  field: string
  bins?: number
}

export interface ParallelPanel extends PanelFrame {
  kind: 'parallel'
  fields: string[]
  /** The field that importance is told for. */
  target: string
}

export interface TablePanel extends PanelFrame {
  kind: 'table'
  columns: string[]
}

export interface TextPanel extends PanelFrame {
  kind: 'text'
  markdown: string
}

export interface NumberPanel extends PanelFrame {
  kind: 'number'
  field: string
  aggregate: Aggregate
}

export type Panel =
  | LinePanel
  | ScatterPanel
  | BarPanel
  | HistogramPanel
  | ParallelPanel
  | TablePanel
  | TextPanel
  | NumberPanel

export interface Section {
  /** Unique in its layout; of a section made from keys `keys:` and its prefix. */
  id: string
  title: string
  /** Keys that begin so, up to their last slash, have a chart here; '' takes those without a slash; absent: only what was added. */
  prefix?: string
  collapsed: boolean
  look?: LookOverride
  /** Panels in their order; charts of keys that are not among them follow. */
  panels: Panel[]
  /** Ids of charts that were taken away. */
  removed?: string[]
}

export interface Layout {
  look: Look
  sections: Section[]
}

/** A run that charts draw. */
export interface DrawnRun {
  number: number
  uid: string
  name: string
  stage: { number: number; kind: string; name: string }
  /** The value of the key that runs are grouped by; null without one. */
  groupKey: string | null
}

/** The runs that a table shows in charts, in the table's order: at most 500 of those that match. */
export interface RunSet {
  runs: readonly DrawnRun[]
  /** How many match, hidden ones included. */
  matching: number
  /** Numbers of runs that were hidden by hand. */
  hidden: readonly number[]
}

/** More lines than this no chart draws. */
export const LINES_MAX = 500

export const COLUMNS = 12

/** The look of a panel: its own before its section's before the workspace's. */
export const lookOf = (
  layout: Pick<Layout, 'look'>,
  section: Pick<Section, 'look'>,
  panel: Pick<Panel, 'look'>,
): Look => ({
  ...layout.look,
  ...section.look,
  ...panel.look,
})

/** Whether something is looked at in a way of its own. */
export const hasOwnLook = ({ look }: { look?: LookOverride }): boolean =>
  look !== undefined && Object.keys(look).length > 0

/** The id of the chart that a key has without anybody's doing. */
export const keyPanelId = (key: string): string => `key:${key}`

/** The id of the section that is made from a prefix. */
export const prefixSectionId = (prefix: string): string => `keys:${prefix}`

/** What of a key stands before its last slash; '' without one. */
export const prefixOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf('/')))
