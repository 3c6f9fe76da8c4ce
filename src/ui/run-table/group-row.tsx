// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell of the grid has the focus at a time
// biome-ignore-all lint/a11y/noStaticElementInteractions: cells have roles; what is in them is a handle for the pointer alone
'use client'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type CSSProperties, memo } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { columnLook } from './column-look.ts'
import { type GridColumn, SELECT_WIDTH } from './grid-columns.ts'
import { type GridRowProps, rowStyle } from './grid-row.ts'
import type { TableGroup } from './group-tree.ts'
import { groupCell, groupName } from './group-words.ts'
import styles from './run-table.module.css'
import { cellOf, type LoadedRow } from './table-row.ts'

interface GroupRowProps extends GridRowProps {
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
