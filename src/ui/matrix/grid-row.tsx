// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
'use client'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import { rowNotes, rowTitle, todayUtc } from '#src/ui/benchmarks/fact-words.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import { type Entry, worstMember } from './arrange-rows.ts'
import { cellLook } from './cell-look.ts'
import { GAP, GROUP_HEIGHT, type GridSizes, gapAfter, type RowHead } from './grid-places.ts'
import styles from './matrix.module.css'
import type { ColumnHead, MatrixCell, MatrixModel } from './matrix-model.ts'
import {
  cellWords,
  changeText,
  columnName,
  evalCommand,
  intervalText,
  markText,
  scoreText,
  sliceName,
} from './matrix-words.ts'

/** What rows of cells and groups of them need to lie where they lie. */
interface RowPlace {
  model: MatrixModel
  /** What columns outside of `seenFrom` to `seenTo` show meanwhile; null: the same. */
  beyond: MatrixModel | null
  seenFrom: number
  seenTo: number
  at: number
  top: number
  offset: number
  columns: readonly number[]
  lefts: readonly number[]
  sizes: GridSizes
  withIntervals: boolean
  hideUncertain: boolean
  /** The column whose cell takes the keyboard, in the row that has it. */
  tabColumn: number | null
}

interface GroupRowProps extends RowPlace {
  entry: Extract<Entry, { kind: 'group' }>
  onFold: (group: string) => void
}

/** The caption of a group of rows; a folded one with the member that lost most in each column. */
export const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { entry, at, top, offset, columns, sizes } = props
  const { label, name, rows, isFolded } = entry
  const count = `${rows.length} ${rows.length === 1 ? 'benchmark' : 'benchmarks'}`
  return (
    <div
      className={styles.group}
      data-folded={isFolded || undefined}
      role="row"
      aria-rowindex={at + offset}
      style={{ top, height: isFolded ? sizes.row : GROUP_HEIGHT }}
      tabIndex={-1}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        className={styles.groupName}
        style={{ width: isFolded ? sizes.name : undefined }}
        tabIndex={-1}
      >
        <button
          type="button"
          className={styles.groupFold}
          aria-expanded={!isFolded}
          aria-label={`${label}, ${count}`}
          title={isFolded ? `Show the ${count} of this group` : 'Fold to the worst member of each column'}
          onClick={() => props.onFold(name)}
        >
          {isFolded ? <ChevronRight size={13} aria-hidden /> : <ChevronDown size={13} aria-hidden />}
          <span>{label}</span>
        </button>
        {isFolded ? <small>worst of {rows.length}</small> : null}
      </div>
      {(isFolded ? columns : []).map((column) => {
        const model = modelAt(props, column)
        const of = model.columns[column]
        const member = worstMember(model, rows, column) ?? rows[0]
        const row = member === undefined ? undefined : model.rows[member]
        if (!of || !row || member === undefined) return null
        const cell = model.cellAt(member, column)
        return (
          <GridCell
            key={of.key}
            {...placeOfCell(props, column)}
            cell={cell}
            row={row}
            column={of}
            at={`${at} ${column}`}
            usualN={cell?.n ?? null}
            usualProtocol={cell?.protocol?.fingerprint ?? null}
            withIntervals={false}
            hideUncertain={props.hideUncertain}
            isSelected={false}
            takesKeys={props.tabColumn === column}
            standsFor={label}
          />
        )
      })}
    </div>
  )
})

/** The model that a column shows now. */
const modelAt = ({ model, beyond, seenFrom, seenTo }: RowPlace, column: number): MatrixModel =>
  beyond && (column < seenFrom || column > seenTo) ? beyond : model

/** Where the cell of a column lies in its row. */
const placeOfCell = ({ model, lefts, sizes }: RowPlace, column: number) => ({
  index: column + 2,
  left: sizes.name + (lefts[column] ?? 0),
  width: (lefts[column + 1] ?? 0) - (lefts[column] ?? 0) - (gapAfter(model, column) ? GAP : 0),
})

interface GridRowProps extends RowPlace {
  entry: Extract<Entry, { kind: 'row' }>
  head: RowHead
  selected: string | null
  onSlices: (benchmark: string) => void
}

/** A benchmark, or a slice of one, with its cells in sight. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { model, entry, head, at, top, columns, sizes } = props
  const row = model.rows[entry.row]
  if (!row) return null
  const { benchmark, slice } = row
  const unit = slice ? null : unitBeside(benchmark)
  const n = head.n === null ? null : `n ${formatCount(head.n)}`
  return (
    <div
      className={styles.row}
      role="row"
      aria-rowindex={at + props.offset}
      style={{ top, height: sizes.row }}
      tabIndex={-1}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        className={styles.name}
        data-slice={entry.isSlice || entry.twinOf !== null || undefined}
        style={{ width: sizes.name, height: sizes.row }}
        title={`${nameTitle(row.benchmark)}${entry.twinOf === null ? '' : `, over-refusal twin of ${entry.twinOf}`}${rowTitle(benchmark, todayUtc())}`}
        tabIndex={-1}
      >
        <span className={styles.nameText}>
          {slice ? (
            sliceName(slice)
          ) : (
            <>
              {benchmark.name} <i>{benchmark.higher_is_better ? '' : '↓'}</i>
            </>
          )}
        </span>
        <small>
          {[entry.twinOf === null ? null : 'twin', ...(slice ? [] : rowNotes(benchmark, todayUtc())), unit, n]
            .filter((note) => note !== null)
            .join(' · ')}
        </small>
        {entry.slices > 0 ? (
          <button
            type="button"
            className={styles.fold}
            aria-expanded={entry.isOpen}
            aria-label={`Slices of ${benchmark.name}`}
            onClick={() => props.onSlices(benchmark.slug)}
          >
            {entry.isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
          </button>
        ) : null}
      </div>
      {columns.map((column) => {
        const shown = modelAt(props, column)
        const of = shown.columns[column]
        if (!of) return null
        return (
          <GridCell
            key={of.key}
            {...placeOfCell(props, column)}
            cell={shown.cellAt(entry.row, column)}
            row={shown.rows[entry.row] ?? row}
            column={of}
            at={`${at} ${column}`}
            usualN={head.n}
            usualProtocol={head.protocol}
            withIntervals={props.withIntervals}
            hideUncertain={props.hideUncertain}
            isSelected={props.selected === of.key}
            takesKeys={props.tabColumn === column}
          />
        )
      })}
    </div>
  )
})

const nameTitle = ({
  name,
  slug,
  category,
  higher_is_better,
  chance,
}: MatrixModel['rows'][number]['benchmark']): string =>
  [
    `${name} (${slug})`,
    category,
    `${higher_is_better ? 'higher' : 'lower'} is better ${directionArrow(higher_is_better)}`,
    chance === null ? null : `chance ${chance}`,
  ]
    .filter((part) => part !== null && part !== '')
    .join(', ')

/** Px between two cells. */
const CELL_GAP = 2

/** Drawn again only when something of it has changed: a scroll or another page of columns leaves the cells in sight alone. */
const GridCell = memo(function GridCell(props: {
  cell: MatrixCell | null
  row: MatrixModel['rows'][number]
  column: ColumnHead
  at: string
  index: number
  left: number
  width: number
  /** What most cells of the row share, which this one then need not say. */
  usualN: number | null
  usualProtocol: string | null
  withIntervals: boolean
  hideUncertain: boolean
  isSelected: boolean
  takesKeys: boolean
  /** The group whose worst member this is; its name then stands in place of the score. */
  standsFor?: string
}) {
  const { cell, row, column, withIntervals, standsFor } = props
  const { benchmark } = row
  const look = cellLook(cell, benchmark, props.hideUncertain)
  const words =
    standsFor === undefined
      ? cellWords(cell, row, column)
      : cell
        ? `Worst of ${standsFor}: ${cellWords(cell, row, column)}`
        : `${standsFor} at ${columnName(column)}: not measured`
  const isPlanned = column.checkpoint === null
  const fill =
    cell || isPlanned || row.slice || standsFor !== undefined
      ? ''
      : `. Fill it with ${evalCommand(benchmark.slug, column.checkpoint?.id ?? '')}`
  const interval = cell && withIntervals ? (intervalText(cell, benchmark) ?? 'no interval') : null
  return (
    <div
      role="gridcell"
      aria-colindex={props.index}
      aria-label={words}
      aria-selected={props.isSelected}
      data-at={props.at}
      data-kind={isPlanned ? 'planned' : look.kind}
      data-ground={look.direction && look.step ? `${look.direction}-${look.step}` : undefined}
      data-sure={look.sureness ?? undefined}
      className={styles.cell}
      style={{ left: props.left, width: props.width - CELL_GAP }}
      title={`${words}${fill}`}
      tabIndex={props.takesKeys ? 0 : -1}
    >
      {cell && look.kind !== 'empty' ? (
        <>
          <span className={styles.score}>
            {cell.n !== null && cell.n !== props.usualN && withIntervals ? (
              <small>n {formatCount(cell.n)}</small>
            ) : null}
            {cell.protocol && cell.protocol.fingerprint !== props.usualProtocol ? (
              <i title="another protocol than most of its row">≠</i>
            ) : null}
            {standsFor === undefined ? scoreText(cell, benchmark) : <b>{benchmark.name}</b>}
          </span>
          {interval === null ? null : <span className={styles.interval}>{interval}</span>}
          <span className={styles.change}>{secondLine(cell, benchmark)}</span>
          {look.corner ? (
            <svg className={styles.cornerMark} viewBox="0 0 10 10" aria-hidden>
              <path
                d={
                  look.corner === 'filled'
                    ? 'M0 0H7.5A2.5 2.5 0 0 1 10 2.5V10z'
                    : 'M1.4 0.6H7.5A1.9 1.9 0 0 1 9.4 2.5V8.6z'
                }
                fill={look.corner === 'filled' ? 'currentColor' : 'none'}
                stroke="currentColor"
                strokeWidth={look.corner === 'filled' ? 0 : 1.1}
              />
            </svg>
          ) : null}
        </>
      ) : look.kind === 'missing' && !isPlanned ? (
        <i className={styles.dot} />
      ) : null}
    </div>
  )
})

function secondLine(cell: MatrixCell, benchmark: MatrixModel['rows'][number]['benchmark']): ReactNode {
  if (cell.state === 'not_comparable') return <em>{shortReason(cell.reason)}</em>
  if (cell.state === 'is_baseline') return <em>baseline</em>
  if (cell.change === null) return cell.reason === 'there is nothing before it' ? null : <em>no baseline</em>
  return (
    <>
      <i aria-hidden>{markText(cell)}</i> {changeText(cell.change, cell, benchmark)}
      {cell.isFurtherBack ? '†' : ''}
    </>
  )
}

/** "another protocol: shots differs" → "shots differs". */
const shortReason = (reason: string | null): string => reason?.split(': ').at(-1) ?? 'not comparable'
