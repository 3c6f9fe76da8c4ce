/** A matrix as a printed table, and as one row per cell for spreadsheets. Pure. */
import { protocolNote, protocolWords } from '#src/core/publish/protocol-note.ts'
import type { PublishedCell, PublishedTable, TableText } from '#src/core/publish/table.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { type Entry, hasCells, worstMember } from './arrange-rows.ts'
import { commonN, type MatrixModel } from './matrix-model.ts'
import { changeText, columnName, intervalText, markText, rowName, scoreText, stateWord } from './matrix-words.ts'

/** The rows as they stand, a column per checkpoint, each cell with score, interval, change and mark; protocols and n below. */
export function matrixTable(
  model: MatrixModel,
  entries: readonly Entry[],
  words: { title: string; notes: readonly string[] },
): TableText {
  const columns = model.columns.flatMap((column, at) => (column?.checkpoint ? [{ column, at }] : []))
  return {
    title: words.title,
    footRows: 0,
    notes: [...words.notes, ...footnotes(model, entries)],
    table: {
      columns: [
        { name: 'Benchmark', align: 'left' },
        { name: 'n', align: 'right' },
        ...columns.map(({ column }) => ({
          name: `${columnName(column)}${column.baseline ? ` (vs ${column.baseline.experiment.name})` : ''}`,
          align: 'right' as const,
        })),
      ],
      rows: entries.filter(hasCells).map((entry): PublishedCell[] => {
        if (entry.kind === 'group')
          return [
            { text: `${entry.label}, worst of ${entry.rows.length}` },
            { text: '' },
            ...columns.map(({ at }) => ({ text: memberText(model, entry.rows, at) })),
          ]
        const row = model.rows[entry.row]
        if (!row) return []
        const n = commonN(model, entry.row)
        return [
          { text: `${rowName(row)} ${directionArrow(row.benchmark.higher_is_better)}` },
          { text: n === null ? '' : String(n) },
          ...columns.map(({ at }) => ({ text: cellText(model, entry.row, at, n) })),
        ]
      }),
    },
  }
}

/** What a reader of the copy cannot open: by which protocol each benchmark was measured, what a cell holds, and whose n nobody gave. */
function footnotes(model: MatrixModel, entries: readonly Entry[]): string[] {
  const rows = [...new Set(entries.flatMap((entry) => (entry.kind === 'row' ? entry.row : entry.rows)))].filter(
    (row) => !model.rows[row]?.slice,
  )
  const protocols: { name: string; words: string }[] = []
  const withoutN: string[] = []
  let hasMissing = false
  for (const row of rows) {
    const name = model.rows[row]?.benchmark.name ?? ''
    const columnsOf = new Map<string, string[]>()
    let lacksN = false
    model.columns.forEach((column, at) => {
      const cell = column?.checkpoint ? model.cellAt(row, at) : null
      if (column?.checkpoint && !cell) hasMissing = true
      if (!column || !cell) return
      if (cell.n === null) lacksN = true
      const words = cell.protocol ? protocolWords(cell.protocol.fields, cell.protocol.metric) : ''
      columnsOf.set(words, [...(columnsOf.get(words) ?? []), columnName(column)])
    })
    if (columnsOf.size === 0) continue
    if (lacksN) withoutN.push(name)
    const told = [...columnsOf].map(([words, columns]) =>
      columnsOf.size === 1 ? words : `${words || 'not told'} (${columns.join(', ')})`,
    )
    protocols.push({ name, words: told.join('; ') })
  }
  const note = protocolNote(protocols)
  return [
    'In brackets the 95 % interval of the score; hollow marks (△ ▽) are changes that are not certain.',
    ...(note === null ? [] : [note]),
    ...(withoutN.length > 0 ? [`n not given: ${withoutN.join(', ')}.`] : []),
    ...(hasMissing ? ['· not measured.'] : []),
  ]
}

function memberText(model: MatrixModel, rows: readonly number[], column: number): string {
  const member = worstMember(model, rows, column)
  return member === null ? '·' : `${model.rows[member]?.benchmark.name ?? ''}: ${cellText(model, member, column, null)}`
}

function cellText(model: MatrixModel, row: number, column: number, common: number | null): string {
  const cell = model.cellAt(row, column)
  const benchmark = model.rows[row]?.benchmark
  if (!cell || !benchmark) return '·'
  const interval = intervalText(cell, benchmark)
  const score = `${scoreText(cell, benchmark)}${interval === null ? '' : ` (${interval})`}${cell.n === null || cell.n === common ? '' : ` n ${cell.n}`}`
  if (cell.state === 'not_comparable') return `${score} ≠ ${cell.reason ?? ''}`.trim()
  if (cell.change === null) return score
  const over = cell.budget === 'fail' ? ' over budget' : ''
  return `${score}, ${changeText(cell.change, cell, benchmark)} ${markText(cell)}${cell.isFurtherBack ? '†' : ''}${over}`.trim()
}

const NAMES = [
  'stage',
  'checkpoint',
  'step',
  'variant',
  'benchmark',
  'slice',
  'category',
  'metric',
  'score',
  'low',
  'high',
  'n',
  'trials',
  'baseline_stage',
  'baseline_checkpoint',
  'change',
  'change_low',
  'change_high',
  'p',
  'paired_n',
  'state',
  'budget',
  'tolerance',
  'protocol',
  'reason',
]

/** One row per measured cell, with exact numbers; of a folded group those of its members. */
export function cellsTable(model: MatrixModel, entries: readonly Entry[]): PublishedTable {
  const rows: PublishedCell[][] = []
  const shown = entries.flatMap((entry) => (entry.kind === 'row' ? entry.row : entry.isFolded ? [...entry.rows] : []))
  for (const of of shown)
    model.columns.forEach((column, at) => {
      const cell = model.cellAt(of, at)
      const row = model.rows[of]
      if (!cell || !row || !column) return
      const values = [
        column.experiment.name,
        column.checkpoint?.id,
        column.checkpoint?.step,
        column.variant,
        row.benchmark.slug,
        row.slice ? `${row.slice.key}=${row.slice.value}` : '',
        row.benchmark.category,
        cell.protocol?.metric,
        cell.score,
        cell.low,
        cell.high,
        cell.n,
        cell.trials,
        cell.against?.experiment.name,
        cell.against?.checkpoint.id,
        cell.change,
        cell.changeLow,
        cell.changeHigh,
        cell.p,
        cell.pairedN,
        stateWord(cell.state),
        cell.budget,
        cell.tolerance,
        cell.protocol?.fingerprint,
        cell.reason,
      ]
      rows.push(values.map((value) => ({ text: value === null || value === undefined ? '' : String(value) })))
    })
  return { columns: NAMES.map((name) => ({ name, align: 'left' })), rows }
}
