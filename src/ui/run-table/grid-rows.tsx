// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell of the grid has the focus at a time
// biome-ignore-all lint/a11y/noStaticElementInteractions: cells have roles; what is in them is a handle for the pointer alone
'use client'
import { ChevronDown, ChevronRight, Ellipsis, Eye, EyeOff, Pin, Scale, Star } from 'lucide-react'
import Link from 'next/link'
import { type CSSProperties, memo, type ReactNode } from 'react'
import { STAGE_WORDS } from '#src/core/experiments/stage-words.ts'
import { formatCount } from '#src/core/format/count.ts'
import { RunSwatch } from '#src/ui/charts/line-swatch.tsx'
import { useIsLit } from '#src/ui/charts/lit-run.tsx'
import { type ColouredBy, lookOfRun } from '#src/ui/charts/run-colour.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { baselineDelta } from './baseline-delta.ts'
import { type CellValue, cellWords } from './cell-words.ts'
import { columnLook } from './column-look.ts'
import type { GridActions } from './grid-actions.ts'
import { type GridColumn, type GridColumns, SELECT_WIDTH } from './grid-columns.ts'
import type { TableGroup } from './group-tree.ts'
import { groupCell, groupName } from './group-words.ts'
import styles from './run-table.module.css'
import { SelectBox } from './select-box.tsx'
import { cellOf, type LoadedRow } from './table-row.ts'

interface Shared {
  columns: GridColumns
  drawnColumns: readonly GridColumn[]
  firstColumn: number
  /** Width of the columns left of those that are drawn, px. */
  lead: number
  currency: string
  baseline: LoadedRow | null
  colouredBy: ColouredBy
  actions: GridActions
  focusAt: (row: number, column: number) => void
  clickBox: (row: number, number: number, isRange: boolean) => void
  place: number
  height: number
  activeColumn: number | null
}

export interface RunRowProps extends Shared {
  loaded: LoadedRow
  /** Px from the top of the table; null: where it falls. */
  top: number | null
  href: string
  isPinned: boolean
  isSelected: boolean
  isHidden: boolean
  isDrawn: boolean
  isBaseline: boolean
  groupKey: string | null
}

const rowStyle = (top: number | null, height: number): CSSProperties => (top === null ? { height } : { top, height })

/** One run. */
export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { loaded, columns, place, actions, activeColumn, focusAt } = props
  const { row } = loaded
  const isLit = useIsLit(row.number)
  const look = lookOfRun({ number: row.number, stage: row.stage, groupKey: props.groupKey }, props.colouredBy)
  const cell = (column: number) => ({
    'data-row': place,
    'data-column': column,
    tabIndex: activeColumn === column ? 0 : -1,
    'aria-colindex': column + 1,
    onFocus: () => focusAt(place, column),
  })
  let left = SELECT_WIDTH + columns.eye + columns.name.width
  const eye = props.isHidden ? 'hidden in charts' : props.isDrawn ? 'shown in charts' : 'not among the first 500'
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      aria-selected={props.isSelected}
      className={styles.row}
      data-placed={props.top !== null || undefined}
      data-lit={isLit || undefined}
      data-selected={props.isSelected || undefined}
      data-baseline={props.isBaseline || undefined}
      style={rowStyle(props.top, props.height)}
      onPointerEnter={() => actions.light(row.number)}
    >
      <div
        {...cell(0)}
        role="gridcell"
        className={styles.fixed}
        style={{ left: 0, width: SELECT_WIDTH }}
        aria-label={`${props.isSelected ? 'Selected' : 'Not selected'}: ${row.name}`}
        data-quiet={!props.isSelected || undefined}
        onClick={(event) => props.clickBox(place, row.number, event.shiftKey)}
      >
        <SelectBox state={props.isSelected ? 'on' : 'off'} />
      </div>
      {columns.eye > 0 ? (
        <div
          {...cell(1)}
          role="gridcell"
          className={styles.fixed}
          style={{ left: SELECT_WIDTH, width: columns.eye }}
          aria-label={`${row.name}: ${eye}`}
          title={
            props.isDrawn || props.isHidden
              ? props.isHidden
                ? 'Show in charts'
                : 'Hide in charts'
              : 'Charts draw the first 500 runs of the table'
          }
          data-off={props.isHidden || !props.isDrawn || undefined}
          onClick={() => actions.toggleHidden([row.number])}
        >
          {props.isHidden ? (
            <EyeOff size={14} strokeWidth={1.75} aria-hidden />
          ) : (
            <Eye size={14} strokeWidth={1.75} aria-hidden />
          )}
        </div>
      ) : null}
      <div
        {...cell(2)}
        role="rowheader"
        className={styles.fixed}
        style={{ left: SELECT_WIDTH + columns.eye, width: columns.name.width }}
        onContextMenu={(event) => {
          event.preventDefault()
          actions.menu(loaded, null, event.currentTarget.getBoundingClientRect())
        }}
      >
        <span className={styles.name}>
          <RunSwatch look={look} off={props.isHidden || !props.isDrawn} />
          {props.isBaseline ? <Scale size={12} strokeWidth={1.75} aria-label="baseline" /> : null}
          {props.isPinned && !props.isBaseline ? <Pin size={12} strokeWidth={1.75} aria-label="pinned" /> : null}
          {row.starred ? <Star size={12} strokeWidth={1.75} className={styles.star} aria-label="starred" /> : null}
          <Link className={styles.link} href={props.href} prefetch={false} tabIndex={-1} title={row.name}>
            {row.name}
          </Link>
          <span className={styles.number}>#{row.number}</span>
          {row.archived ? <span className={styles.number}>archived</span> : null}
        </span>
        <span
          className={styles.rowMenu}
          title="Menu of the run (Shift + F10)"
          aria-hidden
          onClick={(event) => {
            event.stopPropagation()
            actions.menu(loaded, null, event.currentTarget.getBoundingClientRect())
          }}
        >
          <Ellipsis size={14} strokeWidth={1.75} />
        </span>
      </div>
      {columns.pinned.map((column, i) => {
        const style = { left, width: column.width }
        left += column.width
        return <ValueCell key={column.look.text} {...props} {...cell(3 + i)} column={column} style={style} isFixed />
      })}
      <div aria-hidden className={styles.lead} style={{ width: props.lead }} />
      {props.drawnColumns.map((column, i) => (
        <ValueCell
          key={column.look.text}
          {...props}
          {...cell(props.firstColumn + i)}
          column={column}
          style={{ width: column.width }}
          isFixed={false}
        />
      ))}
    </div>
  )
})

interface ValueCellProps {
  loaded: LoadedRow
  column: GridColumn
  style: CSSProperties
  isFixed: boolean
  currency: string
  baseline: LoadedRow | null
  isBaseline: boolean
  actions: GridActions
  tabIndex: number
  'data-row': number
  'data-column': number
  'aria-colindex': number
  onFocus: () => void
}

/** A value; pressed, it offers only this and without this. */
function ValueCell(props: ValueCellProps) {
  const { loaded, column, actions } = props
  const { look } = column
  const value = cellOf(loaded, look.text)
  const menu = (at: HTMLElement) => actions.menu(loaded, look.text, at.getBoundingClientRect())
  const words = value === undefined ? null : cellWords(look, value, props.currency)
  return (
    <div
      role="gridcell"
      className={props.isFixed ? styles.fixed : styles.cell}
      style={props.style}
      tabIndex={props.tabIndex}
      data-row={props['data-row']}
      data-column={props['data-column']}
      aria-colindex={props['aria-colindex']}
      data-align={look.align}
      data-bad={words?.isBad || undefined}
      title={words === null || words.exact === words.text ? undefined : words.exact}
      onFocus={props.onFocus}
      onClick={(event) => menu(event.currentTarget)}
      onContextMenu={(event) => {
        event.preventDefault()
        menu(event.currentTarget)
      }}
    >
      {value === undefined ? (
        <span className={styles.skeleton} aria-hidden />
      ) : (
        <CellContent {...props} value={value} text={words?.text ?? ''} />
      )}
    </div>
  )
}

function CellContent(props: ValueCellProps & { value: CellValue; text: string }): ReactNode {
  const { loaded, column, value, text } = props
  const { look } = column
  const field = look.field.kind === 'plain' ? look.field.name : null
  if (field === 'state') {
    const { attempt } = loaded.row
    return (
      <>
        <StateWord state={loaded.row.state} small />
        {attempt !== null && attempt > 1 ? <span className={styles.number}> {attempt}×</span> : null}
      </>
    )
  }
  if (field === 'stage') {
    return (
      <span className={styles.stage} title={`${loaded.row.stage.name}, ${STAGE_WORDS[loaded.row.stage.kind]}`}>
        <StageIcon kind={loaded.row.stage.kind} size={18} />
        <span className={column.width < NAMED_STAGE_WIDTH ? 'visually-hidden' : styles.clip}>
          {loaded.row.stage.name}
        </span>
      </span>
    )
  }
  if (text === '') {
    return (
      <>
        <i className={styles.missing} aria-hidden />
        <span className="visually-hidden">no value</span>
      </>
    )
  }
  const other = props.baseline && !props.isBaseline ? cellOf(props.baseline, look.text) : null
  const delta = other === null || other === undefined ? null : baselineDelta(look, value, other)
  if (delta === null) return <span className={styles.clip}>{text}</span>
  return (
    <span className={styles.lines}>
      <span className={styles.clip}>{text}</span>
      <span className={styles.delta} data-tone={delta.tone}>
        {delta.text} {delta.arrow} {delta.word}
      </span>
    </span>
  )
}

/** A narrower column of stages shows their icons alone. */
const NAMED_STAGE_WIDTH = 80

interface GroupRowProps extends Shared {
  group: TableGroup
  depth: number
  isClosed: boolean
  top: number
}

/** The row of a group: its value, how many runs, which of them need a look, its best member, and what they have in each column. */
export const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { group, columns, place, actions, activeColumn, focusAt, isClosed } = props
  const Chevron = isClosed ? ChevronRight : ChevronDown
  const cell = (column: number) => ({
    'data-row': place,
    'data-column': column,
    tabIndex: activeColumn === column ? 0 : -1,
    'aria-colindex': column + 1,
    onFocus: () => focusAt(place, column),
  })
  const { words, kind } = groupName(group, props.currency)
  const bestColumn = group.best ? columnLook(group.best.field) : null
  const numbers = (column: GridColumn, at: number, style: CSSProperties, isFixed: boolean) => {
    const shown = groupCell(
      group,
      column.look,
      props.currency,
      props.baseline && cellOf(props.baseline, column.look.text),
    )
    return (
      <div
        key={column.look.text}
        {...cell(at)}
        role="gridcell"
        className={isFixed ? styles.fixed : styles.cell}
        data-align={column.look.align}
        style={style}
        title={shown?.title}
      >
        {shown ? (
          <span className={styles.lines}>
            <span className={styles.clip}>{shown.text}</span>
            {shown.delta ? (
              <span className={styles.delta} data-tone={shown.delta.tone}>
                {shown.delta.text} {shown.delta.arrow} {shown.delta.word}
              </span>
            ) : (
              <span className={styles.spread}>{shown.spread}</span>
            )}
          </span>
        ) : null}
      </div>
    )
  }
  const nameWidth = SELECT_WIDTH + columns.eye + columns.name.width
  let left = nameWidth
  const states = Object.entries(group.states).filter(([state]) => state !== 'finished')
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      aria-expanded={!isClosed}
      aria-level={props.depth + 1}
      className={styles.groupRow}
      data-placed
      style={rowStyle(props.top, props.height)}
    >
      <div
        {...cell(2)}
        role="rowheader"
        aria-colspan={3}
        aria-colindex={1}
        className={styles.fixed}
        style={{ left: 0, width: nameWidth, paddingLeft: 10 + props.depth * 16 }}
        onClick={() => actions.toggleGroup(group)}
      >
        <Chevron size={14} strokeWidth={1.75} aria-hidden className={styles.chevron} />
        <span className={styles.groupName}>
          <span className={styles.groupLine}>
            {kind ? <StageIcon kind={kind} size={18} /> : null}
            <strong className={styles.clip} title={words}>
              {words}
            </strong>
            <span className={styles.number}>{group.count === 1 ? '1 run' : `${formatCount(group.count)} runs`}</span>
            {states.map(([state, count]) => (
              <span key={state} className={styles.stateCount} title={`${count} ${state}`}>
                <StateWord state={state as LoadedRow['row']['state']} small /> {count}
              </span>
            ))}
          </span>
          {group.best ? (
            <span className={styles.best}>
              best #{group.best.number} in {bestColumn?.title}
            </span>
          ) : null}
        </span>
      </div>
      {columns.pinned.map((column, i) => {
        const style = { left, width: column.width }
        left += column.width
        return numbers(column, 3 + i, style, true)
      })}
      <div aria-hidden className={styles.lead} style={{ width: props.lead }} />
      {props.drawnColumns.map((column, i) => numbers(column, props.firstColumn + i, { width: column.width }, false))}
    </div>
  )
})

/** A run that is on its way: its place and its size. */
export function PlaceholderRow(props: Shared & { top: number }) {
  const { columns, place, activeColumn, focusAt } = props
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      aria-busy
      className={styles.row}
      data-placed
      style={rowStyle(props.top, props.height)}
    >
      <div
        role="rowheader"
        aria-colindex={3}
        className={styles.fixed}
        style={{
          left: 0,
          width: SELECT_WIDTH + columns.eye + columns.name.width,
          paddingLeft: SELECT_WIDTH + columns.eye,
        }}
        data-row={place}
        data-column={activeColumn ?? 2}
        tabIndex={activeColumn === null ? -1 : 0}
        onFocus={() => focusAt(place, activeColumn ?? 2)}
      >
        <span className={styles.skeleton} aria-hidden />
        <span className="visually-hidden">loading</span>
      </div>
    </div>
  )
}
