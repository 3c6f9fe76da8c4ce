/** The runs table on the wire: rows with chosen columns only, groups, and the runs that charts draw. */
import * as z from 'zod'
import { ORIENTATIONS } from '../core/metrics/orientation.ts'
import { RUN_STATES } from '../core/runs/states.ts'
import { ExperimentRef } from './experiments.ts'
import { Run } from './runs.ts'
import { PageQuery, page, RunNumber, Slug, Uid } from './words.ts'

export const TABLE_ROWS_MAX = 500
export const TABLE_COLUMNS_MAX = 200
export const GROUP_KEYS_MAX = 4
/** Groups that one answer holds; `more` says how many there are beyond. */
export const GROUPS_MAX = 1000
/** Runs that charts draw at once. */
export const DRAWN_MAX = 500
const HIDDEN_MAX = 10_000

const FieldText = z.string().min(1).max(600)
export const SearchText = z.string().max(4000)

export const TableSort = z.object({ field: FieldText, direction: z.enum(['asc', 'desc']) })
export type TableSort = z.infer<typeof TableSort>

export const RunsTableInput = z.object({
  /** The search; empty: every run. */
  q: SearchText.default(''),
  /** Fields, as the grammar of the search writes them. */
  columns: z.array(FieldText).max(TABLE_COLUMNS_MAX).default([]),
  /** Missing values come last either way; of equal runs the newest is first. */
  sort: z.array(TableSort).max(10).default([]),
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(0).max(TABLE_ROWS_MAX).default(100),
  /** Archived runs too. */
  archived: z.boolean().default(false),
  /** Runs that are answered apart, whether they match or not. */
  pinned: z.array(RunNumber).max(50).default([]),
})
export type RunsTableInput = z.infer<typeof RunsTableInput>

/** NaN and infinities as words; null: the run has none. Durations in s, moments in ms since 1970. */
export const TableCell = z.union([z.number(), z.string(), z.boolean(), z.array(z.string()), z.null()])
export type TableCell = z.infer<typeof TableCell>

export const TableRow = z.object({
  uid: Uid,
  number: RunNumber,
  name: z.string(),
  state: z.enum(RUN_STATES),
  stage: z.object({ number: z.number().int(), kind: ExperimentRef.shape.stage_kind, name: z.string() }),
  tags: z.array(z.string()),
  starred: z.boolean(),
  archived: z.boolean(),
  attempt: z.number().int().nullable(),
  /** Parallel to the columns. */
  cells: z.array(TableCell),
})
export type TableRow = z.infer<typeof TableRow>

export const TableColumn = z.object({
  /** The field as the grammar writes it. */
  field: z.string(),
  type: z.enum(['text', 'number', 'duration', 'moment', 'any']),
  /** Which values are better, where that is known. */
  better: z.enum(ORIENTATIONS).nullable(),
})
export type TableColumn = z.infer<typeof TableColumn>

export const RunsTable = z
  .object({
    /** Runs that match, and runs without the search. */
    total: z.number().int(),
    all: z.number().int(),
    columns: z.array(TableColumn),
    /** Of the column cost; null: it is not asked for, or nothing has a price. */
    currency: z.string().nullable(),
    rows: z.array(TableRow),
    pinned: z.array(TableRow),
  })
  .meta({ id: 'RunsTable' })
export type RunsTable = z.infer<typeof RunsTable>

export const RunGroupsInput = z.object({
  q: SearchText.default(''),
  /** One group for each combination of values; of tags the whole list is one value. */
  group: z.array(FieldText).min(1).max(GROUP_KEYS_MAX),
  columns: z.array(FieldText).max(50).default([]),
  archived: z.boolean().default(false),
  limit: z.number().int().min(1).max(GROUPS_MAX).default(GROUPS_MAX),
})
export type RunGroupsInput = z.infer<typeof RunGroupsInput>

/** Of finite numbers alone; null for a column that holds none here. */
export const GroupNumbers = z.object({
  n: z.number().int(),
  mean: z.number(),
  median: z.number(),
  min: z.number(),
  max: z.number(),
  sum: z.number(),
  /** Of the sample; null below two. */
  sd: z.number().nullable(),
  /** The run with the best value, where the column has a direction. */
  best: z.object({ number: RunNumber, value: z.number() }).nullable(),
})
export type GroupNumbers = z.infer<typeof GroupNumbers>

export const RunGroup = z.object({
  /** Parallel to the keys of the group; null: missing. */
  values: z.array(z.union([z.number(), z.string(), z.boolean(), z.null()])),
  count: z.number().int(),
  states: z.partialRecord(z.enum(RUN_STATES), z.number().int()),
  /** Parallel to the columns. */
  numbers: z.array(GroupNumbers.nullable()),
})
export type RunGroup = z.infer<typeof RunGroup>

export const RunGroups = z
  .object({
    total: z.number().int(),
    columns: z.array(TableColumn),
    currency: z.string().nullable(),
    /** In the order of `sort` by the keys, ascending: the runs of a group follow those of the groups before it. */
    groups: z.array(RunGroup),
    /** Groups beyond these. */
    more: z.number().int(),
  })
  .meta({ id: 'RunGroups' })
export type RunGroups = z.infer<typeof RunGroups>

export const DrawnRunsInput = z.object({
  q: SearchText.default(''),
  sort: z.array(TableSort).max(10).default([]),
  /** Numbers of runs whose eye is closed. */
  hidden: z.array(RunNumber).max(HIDDEN_MAX).default([]),
  group: z.array(FieldText).max(GROUP_KEYS_MAX).default([]),
  archived: z.boolean().default(false),
  limit: z.number().int().min(1).max(DRAWN_MAX).default(DRAWN_MAX),
})
export type DrawnRunsInput = z.infer<typeof DrawnRunsInput>

export const DrawnRuns = z.object({
  /** Runs that match, hidden ones included. */
  matching: z.number().int(),
  runs: z.array(
    z.object({
      uid: Uid,
      number: RunNumber,
      name: z.string(),
      stage: z.object({ number: z.number().int(), kind: ExperimentRef.shape.stage_kind, name: z.string() }),
      /** The values of its group with commas between; null: nothing is grouped by. */
      groupKey: z.string().nullable(),
    }),
  ),
})
export type DrawnRuns = z.infer<typeof DrawnRuns>

const FieldList = z.string().max(24_000)
const searched = {
  q: SearchText.default('').meta({
    description: 'A search in the grammar of docs/search.md; of a word, runs that contain it in name, note or tag',
    example: 'config.lr > 1e-4 and not (tag = debug or metrics.loss is missing)',
  }),
  sort: FieldList.optional().meta({
    description: 'Fields with commas between, a minus before one for descending; missing values are last',
    example: '-metrics.loss.min,name',
  }),
  columns: FieldList.optional().meta({
    description: 'Fields with commas between; a key with other signs stands in back-ticks',
    example: 'config.lr,metrics.loss.best,eval.mmlu,cost',
  }),
  archived: z.enum(['true', 'false']).default('false').meta({ description: 'Archived runs too' }),
}

/** Runs of a project as a query asks for them. */
export const RunsQuery = PageQuery.extend({
  ...searched,
  experiment: z.string().min(1).max(64).optional(),
  state: z.enum(RUN_STATES).optional(),
})
export type RunsQuery = z.infer<typeof RunsQuery>

export const SearchedRuns = page(
  Run.extend({
    values: z
      .record(z.string(), TableCell)
      .optional()
      .meta({ description: 'Values of the columns that were asked for, by field; null: missing' }),
  }),
).extend({ total: z.number().int().optional().meta({ description: 'Runs that match, with q, sort or columns' }) })
export type SearchedRuns = z.infer<typeof SearchedRuns>

/** All runs that match, as a file. */
export const RunsFileQuery = z.object(searched)
export type RunsFileQuery = z.infer<typeof RunsFileQuery>

/** The same as a page of the browser links to it. */
export const ScreenRunsFileQuery = RunsFileQuery.extend({ workspace: Slug, project: Slug })
