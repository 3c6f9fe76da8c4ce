// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
'use client'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import { rowNotes, rowTitle, todayUtc } from '#src/ui/benchmarks/fact-words.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import type { Entry } from './arrange-rows.ts'
import { cellLook } from './cell-look.ts'
import { GAP, type GridSizes, gapAfter, type RowHead } from './grid-places.ts'
import styles from './matrix.module.css'
import type { ColumnHead, MatrixCell, MatrixModel } from './matrix-model.ts'
import { cellWords, changeText, evalCommand, intervalText, markText, scoreText, sliceName } from './matrix-words.ts'

/** The caption of a group of rows. */
export function GroupRow({ label, at, top, offset }: { label: string; at: number; top: number; offset: number }) {
  return (
    <div className={styles.group} role="row" aria-rowindex={at + offset} style={{ top }} tabIndex={-1}>
      <div role="rowheader" aria-colindex={1} className={styles.groupName} tabIndex={-1}>
        {label}
      </div>
    </div>
  )
}

interface GridRowProps {
  model: MatrixModel
  entry: Extract<Entry, { kind: 'row' }>
  head: RowHead
  at: number
  top: number
  offset: number
  columns: readonly number[]
  lefts: readonly number[]
  sizes: GridSizes
  withIntervals: boolean
  hideUncertain: boolean
  selected: string | null
  /** The column whose cell takes the keyboard, in the row that has it. */
  tabColumn: number | null
  onSlices: (benchmark: string) => void
}

/** A benchmark, or a slice of one, with its cells in sight. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { model, entry, head, at, top, columns, lefts, sizes } = props
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
        const of = model.columns[column]
        if (!of) return null
        return (
          <GridCell
            key={of.key}
            cell={model.cellAt(entry.row, column)}
            row={row}
            column={of}
            at={`${at} ${column}`}
            index={column + 2}
            left={sizes.name + (lefts[column] ?? 0)}
            width={(lefts[column + 1] ?? 0) - (lefts[column] ?? 0) - (gapAfter(model, column) ? GAP : 0)}
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
}) {
  const { cell, row, column, withIntervals } = props
  const { benchmark } = row
  const look = cellLook(cell, benchmark, props.hideUncertain)
  const words = cellWords(cell, row, column)
  const isPlanned = column.checkpoint === null
  const fill =
    cell || isPlanned || row.slice ? '' : `. Fill it with ${evalCommand(benchmark.slug, column.checkpoint?.id ?? '')}`
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
            {scoreText(cell, benchmark)}
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
