/**
 * A workspace of charts as data: sections, the panels in them, and how they are looked at. What a person has not touched is not in it:
 * a section with a prefix is filled from the keys that runs have logged (`compose.ts`).
 */
import type { GROUP_BANDS, GROUP_CENTERS, XAxis } from '../metrics/chart-choices.ts'
import type { Smoothing } from '../metrics/smooth-line.ts'
import type { PanelContent } from '../panels/panel-content.ts'

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
  /** Draws the runs of a group faintly behind its line. */
  members: boolean
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
  members: false,
  superseded: false,
}

export const PANEL_KINDS = ['line', 'scatter', 'bar', 'histogram', 'parallel', 'table', 'text', 'number'] as const
export type PanelKind = (typeof PANEL_KINDS)[number]

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

export interface LineContent {
  kind: 'line'
  metrics: string[]
}

export type LinePanel = PanelFrame & LineContent
export type Panel = PanelFrame & (LineContent | PanelContent)

/** What of a panel may be changed without moving it. */
export type PanelChange = Omit<PanelFrame, 'id'>

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
  /** Ids of charts of keys that were taken away. */
  removed?: string[]
  /** What was changed of charts of keys that stand where they always stood, by id. */
  changed?: Readonly<Record<string, PanelChange>>
}

export interface Layout {
  look: Look
  /** Those that a person made or changed. */
  sections: Section[]
  /** Ids of the sections that stand first, in this order. */
  order?: string[]
}

/** Where a run lies that is drawn beside runs of other projects. */
export interface RunOrigin {
  project: string
  number: number
  uid: string
  /** Of its project among those that are drawn, from 0. */
  place: number
}

/** A run that charts draw. */
export interface DrawnRun {
  /** In a set of one project its number there; in one of several a number that no other run has (`runKey`). */
  number: number
  /** In a set of several projects. */
  from?: RunOrigin
  uid: string
  name: string
  stage: { number: number; kind: string; name: string }
  /** The value of the key that runs are grouped by; null without one. */
  groupKey: string | null
}

/** A number for a run among those of several projects, told by its id alone: the same in every set, whoever is beside it. */
export const runKey = (uid: string): number => Number.parseInt(uid.replaceAll('-', '').slice(-12), 16)

/** A run as it is told from others: "sft #3", of another project "sft #3 of olmo-2". */
export const runTitle = ({ name, number, from }: Pick<DrawnRun, 'name' | 'number' | 'from'>): string =>
  from ? `${name} #${from.number} of ${from.project}` : `${name} #${number}`

/** The runs that a table shows in charts, in the table's order: at most 500 of those that match. */
export interface RunSet {
  runs: readonly DrawnRun[]
  /** How many match, hidden ones included. */
  matching: number
  /** Numbers of runs that were hidden by hand. */
  hidden: readonly number[]
  /** What they were searched for; absent: these runs alone, whatever else there is. */
  q?: string
  /** Archived runs too. */
  archived?: boolean
  /** The field that they are grouped by. */
  groupedBy?: string
  /** Number of the run that others are told against. */
  baseline?: number | null
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
