// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell of the grid has the focus at a time
// biome-ignore-all lint/a11y/noStaticElementInteractions: cells have roles; what is in them is a handle for the pointer alone
'use client'
import { SELECT_WIDTH } from './grid-columns.ts'
import { type GridRowProps, rowStyle } from './grid-row.ts'
import styles from './run-table.module.css'

/** A run that is on its way: its place and its size. */
export function PlaceholderRow(props: GridRowProps & { top: number }) {
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
