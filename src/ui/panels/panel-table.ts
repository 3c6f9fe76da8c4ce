/** The numbers of a panel as a table that copies out in every form. Pure. */
import { formatExactCount } from '#src/core/format/count.ts'
import type { ColumnValue } from '#src/core/panels/column.ts'
import type { PanelContent } from '#src/core/panels/panel-content.ts'
import { fieldsOf } from '#src/core/panels/panel-content.ts'
import type { PublishedColumn, TableText } from '#src/core/publish/table.ts'
import { columnLook } from '#src/ui/run-table/column-look.ts'
import { fieldName, fieldValue } from './field-format.ts'
import { columnOf, type PanelValues } from './panel-values.ts'
import type { Bars } from './prepare-bars.ts'
import type { HistogramModel } from './prepare-histogram.ts'
import type { Parallel } from './prepare-parallel.ts'

/** A value as the table has it; missing is empty. */
export function cellText(field: string, value: ColumnValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return fieldValue(field, value)
  return Array.isArray(value) ? value.join(', ') : String(value)
}

const alignOf = (field: string): PublishedColumn['align'] => columnLook(field)?.align ?? 'left'

/** A row for each run with its values of the fields that a panel reads. */
export function runRows(
  values: PanelValues,
  content: PanelContent,
  title: string,
  notes: readonly string[],
): TableText {
  const fields = fieldsOf(content).filter((field) => field !== 'name' && field !== 'number')
  const isAcross = values.runs.some(({ from }) => from !== undefined)
  return {
    title,
    table: {
      columns: [
        { name: 'Run', align: 'left' },
        { name: 'Number', align: 'right' },
        ...(isAcross ? [{ name: 'Project', align: 'left' as const }] : []),
        ...fields.map((field) => ({ name: fieldName(field), align: alignOf(field) })),
      ],
      rows: values.runs.map((run, i) => [
        { text: run.name },
        { text: String(run.from?.number ?? run.number) },
        ...(isAcross ? [{ text: run.from?.project ?? '' }] : []),
        ...fields.map((field) => ({ text: cellText(field, columnOf(values, field)[i] ?? null) })),
      ]),
    },
    footRows: 0,
    notes,
  }
}

const GROUP_COLUMNS = [
  ['Mean', 'mean'],
  ['SD', 'sd'],
  ['Median', 'median'],
  ['Least', 'min'],
  ['Greatest', 'max'],
] as const

/** A row for each bar: of groups with their spread, with a baseline what changed against it. */
export function barRows(bars: Bars, title: string, notes: readonly string[]): TableText {
  const { field } = bars
  const isGroups = bars.by !== null
  const has = { change: bars.baseline !== null, groups: isGroups }
  const number = (value: number | null) => ({ text: value === null ? '' : fieldValue(field, value) })
  const right = (name: string): PublishedColumn => ({ name, align: 'right' })
  return {
    title,
    table: {
      columns: [
        { name: bars.by === null ? 'Run' : fieldName(bars.by), align: 'left' },
        right(fieldName(field)),
        ...(has.change ? [right(`Against ${bars.baseline?.name}`), { name: 'That is', align: 'left' as const }] : []),
        ...(has.groups ? ['Runs', ...GROUP_COLUMNS.map(([name]) => name)].map(right) : []),
      ],
      rows: bars.bars.map((bar) => [
        { text: bar.name },
        number(bar.value),
        ...(has.change ? [{ text: bar.change?.text ?? '' }, { text: bar.change?.word ?? '' }] : []),
        ...(has.groups
          ? [{ text: formatExactCount(bar.n) }, ...GROUP_COLUMNS.map(([, of]) => number(bar.spread?.[of] ?? null))]
          : []),
      ]),
    },
    footRows: 0,
    notes,
  }
}

/** A row for each bin, a column for each group; words with how many runs have them. */
export function binRows(histogram: HistogramModel, title: string, notes: readonly string[]): TableText {
  const { field, words, rows } = histogram
  const right = (name: string): PublishedColumn => ({ name, align: 'right' })
  const edge = (value: number) => ({ text: fieldValue(field, Number(value.toPrecision(6))) })
  const table =
    words === null
      ? {
          columns: [right('From'), right('To'), ...rows.map(({ name }) => right(name ?? 'Runs'))],
          rows: (rows[0]?.bins ?? []).map(({ from, to }, bin) => [
            edge(from),
            edge(to),
            ...rows.map((row) => ({ text: formatExactCount(row.bins[bin]?.count ?? 0) })),
          ]),
        }
      : {
          columns: [{ name: fieldName(field), align: 'left' as const }, right('Runs')],
          rows: words.map(({ name, count }) => [{ text: name }, { text: formatExactCount(count) }]),
        }
  return { title, table, footRows: 0, notes }
}

/** How strongly each field goes along with the target. */
export function importanceRows(importance: NonNullable<Parallel['importance']>): TableText {
  const right = (name: string): PublishedColumn => ({ name, align: 'right' })
  return {
    title: `Association with ${fieldName(importance.target)}`,
    table: {
      columns: [
        { name: 'Field', align: 'left' },
        { name: 'Measure', align: 'left' },
        ...['Strength', 'By chance', 'Runs', 'Values'].map(right),
      ],
      rows: importance.told.map((one) => [
        { text: fieldName(one.field) },
        { text: one.measure === 'eta2' ? 'η²' : one.sign < 0 ? '|ρ|, falling' : '|ρ|, growing' },
        { text: one.strength.toFixed(3) },
        { text: one.byChance.toFixed(3) },
        { text: formatExactCount(one.n) },
        { text: one.categories === null ? '' : String(one.categories) },
      ]),
    },
    footRows: 0,
    notes: [
      'An association, not a cause. |ρ|: Spearman’s rank correlation. η²: share of variance between categories.',
      ...importance.untold.map(({ field, why }) => `${fieldName(field)}: ${why}.`),
    ],
  }
}
