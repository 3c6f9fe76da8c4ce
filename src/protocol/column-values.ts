/** The values of some fields over many runs, as panels draw them. */
import * as z from 'zod'
import { PANEL_FIELDS_MAX, PANEL_RUNS_MAX } from '../core/panels/panel-content.ts'
import { RunsTableInput, TableCell, TableColumn, TableRow } from './runs-table.ts'

const RunNumbers = z.array(TableRow.shape.number).max(PANEL_RUNS_MAX)

export const ColumnValuesInput = z.object({
  /** The search; empty: every run. */
  q: RunsTableInput.shape.q,
  /** Archived runs too. */
  archived: RunsTableInput.shape.archived,
  /** These runs alone, in this order, whatever they match. */
  numbers: RunNumbers.optional(),
  /** Runs that are left out. */
  hidden: RunNumbers.default([]),
  fields: z
    .array(z.string().min(1).max(600))
    .min(1)
    .max(PANEL_FIELDS_MAX + 2),
  sort: RunsTableInput.shape.sort,
  /** A run whose values are answered apart. */
  baseline: TableRow.shape.number.optional(),
})
export type ColumnValuesInput = z.infer<typeof ColumnValuesInput>

const ValuedRun = TableRow.pick({ number: true, name: true, stage: true })

export const ColumnValues = z.object({
  /** Parallel to the fields that were asked for: type, and which values are better. */
  fields: z.array(TableColumn),
  runs: z.array(ValuedRun),
  /** By field, each parallel to the runs. */
  columns: z.array(z.array(TableCell)),
  /** How many runs are meant, without those that are hidden; more than `runs` beyond the limit. */
  matching: z.number().int(),
  /** Null: none was asked for, or it is gone. */
  baseline: z.object({ run: ValuedRun, values: z.array(TableCell) }).nullable(),
})
export type ColumnValues = z.infer<typeof ColumnValues>
