// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell of the grid has the focus at a time
// biome-ignore-all lint/a11y/noStaticElementInteractions: cells have roles; what is in them is a handle for the pointer alone
'use client'
import type { CSSProperties, ReactNode } from 'react'
import { STAGE_WORDS } from '#src/core/experiments/stage-words.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { baselineDelta } from './baseline-delta.ts'
import { type CellValue, cellWords } from './cell-words.ts'
import type { GridActions } from './grid-actions.ts'
import type { GridColumn, GridColumns } from './grid-columns.ts'
import styles from './run-table.module.css'
import { cellOf, type LoadedRow } from './table-row.ts'

interface ValueCellProps {
  loaded: LoadedRow
  columns: GridColumns
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
export function ValueCell(props: ValueCellProps) {
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
        <span className={column.width < NAMED_STAGE_WIDTH * props.columns.scale ? 'visually-hidden' : styles.clip}>
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

/** A narrower column of stages shows their icons alone, px of lettering of 16 px. */
const NAMED_STAGE_WIDTH = 80
