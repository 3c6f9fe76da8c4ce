import type { DrawnRun } from '#src/core/layouts/layout.ts'
import type { Orientation } from '#src/core/metrics/orientation.ts'
import type { ColumnValue } from '#src/core/panels/column.ts'

/** A run of a panel. */
export type PanelRun = Pick<DrawnRun, 'number' | 'name' | 'stage' | 'from'>

/** What a panel draws: runs, and the values of its fields. */
export interface PanelValues {
  runs: readonly PanelRun[]
  /** By field, each parallel to `runs`. */
  columns: ReadonlyMap<string, readonly ColumnValue[]>
  /** By field: which values are better; absent where that is not known. */
  better: ReadonlyMap<string, Orientation>
  /** How many runs are meant; more than `runs` where not all were read. */
  matching: number
  /** The run that others are told against, with its values by field; it need not be among `runs`. */
  baseline: { run: PanelRun; values: ReadonlyMap<string, ColumnValue> } | null
}

/** The values of a field, null of every run where it was not read. */
export const columnOf = ({ columns, runs }: PanelValues, field: string): readonly ColumnValue[] =>
  columns.get(field) ?? runs.map(() => null)

/** The values of runs of several projects as one, project after project. What is better is told where no two projects say otherwise. */
export function joinValues(parts: readonly PanelValues[], fields: readonly string[]): PanelValues {
  const better = fields.flatMap((field) => {
    const told = new Set(parts.flatMap((part) => part.better.get(field) ?? []))
    const [only] = told
    return told.size === 1 && only ? [[field, only] as const] : []
  })
  return {
    runs: parts.flatMap(({ runs }) => runs),
    columns: new Map(fields.map((field) => [field, parts.flatMap((part) => columnOf(part, field))])),
    better: new Map(better),
    matching: parts.reduce((sum, { matching }) => sum + matching, 0),
    baseline: parts.find(({ baseline }) => baseline !== null)?.baseline ?? null,
  }
}
