/**
 * What a panel shows that is not lines over an axis. A field is a field of the search grammar: `config.lr`, `metrics.loss.min`, `cost`.
 * What is absent is as it usually is.
 */

export const AGGREGATES = ['mean', 'median', 'min', 'max', 'sum', 'count'] as const
/** What the numbers of several runs become. */
export type Aggregate = (typeof AGGREGATES)[number]

/** What is drawn around the bar of a group. */
export const BAR_SPREADS = ['sd', 'range', 'box', 'none'] as const
export type BarSpread = (typeof BAR_SPREADS)[number]

export interface ScatterContent {
  kind: 'scatter'
  x: string
  y: string
  /** A field whose values colour the dots; absent: a colour a run. */
  colour?: string
  logX?: boolean
  logY?: boolean
}

export interface BarContent {
  kind: 'bar'
  field: string
  /** A field whose values make the bars; absent: the grouping of the runs, and without one a bar a run. */
  by?: string
  /** Mean. */
  aggregate?: Aggregate
  /** Standard deviation. */
  spread?: BarSpread
  /** `value`: the greatest first; else in the order of the table. */
  order?: 'table' | 'value'
}

export interface HistogramContent {
  kind: 'histogram'
  field: string
  /** Absent: as many as the numbers ask for. */
  bins?: number
  log?: boolean
}

export interface ParallelContent {
  kind: 'parallel'
  /** From left to right. */
  fields: string[]
  /** The field that colours the lines, stands on the last axis, and that importance is told for. */
  target?: string
}

export interface TableContent {
  kind: 'table'
  fields: string[]
}

export interface TextContent {
  kind: 'text'
  markdown: string
}

export interface NumberContent {
  kind: 'number'
  field: string
  aggregate: Aggregate
}

export type PanelContent =
  | ScatterContent
  | BarContent
  | HistogramContent
  | ParallelContent
  | TableContent
  | TextContent
  | NumberContent

/** Runs whose values a panel reads at most. */
export const PANEL_RUNS_MAX = 10_000
/** Fields of one panel. */
export const PANEL_FIELDS_MAX = 24
export const HISTOGRAM_BINS_MAX = 100
export const PANEL_TEXT_MAX = 20_000

/** The fields whose values a panel reads, each once, in the order in which it names them. */
export function fieldsOf(content: PanelContent): string[] {
  switch (content.kind) {
    case 'scatter':
      return distinct([content.x, content.y, content.colour])
    case 'bar':
      return distinct([content.field, content.by])
    case 'histogram':
    case 'number':
      return [content.field]
    case 'parallel':
      return distinct([...content.fields, content.target])
    case 'table':
      return distinct(content.fields)
    case 'text':
      return []
  }
}

const distinct = (fields: readonly (string | undefined)[]): string[] => [
  ...new Set(fields.filter((field) => field !== undefined)),
]
