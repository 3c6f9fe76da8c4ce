'use client'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'
import styles from './run-table.module.css'

/**
 * Two panes with a line between them that is dragged, or moved by arrows, Home and End. The left one stays mounted, with its focus and
 * its place, whether the right one is there or not.
 */
export function SplitPane(props: {
  left: ReactNode
  /** Null: the left one has the whole width. */
  right: ReactNode | null
  label: string
  /** Percent of the width that the left one has. */
  share: number
  min: number
  max: number
  usual: number
  onShare: (share: number, isFinal: boolean) => void
}) {
  const { share, min, max, onShare } = props
  const box = useRef<HTMLDivElement>(null)
  const within = (value: number) => Math.round(Math.min(max, Math.max(min, value)))
  const at = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect()
    return rect && rect.width > 0 ? within((100 * (event.clientX - rect.left)) / rect.width) : share
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 2
    const next =
      event.key === 'ArrowLeft'
        ? share - step
        : event.key === 'ArrowRight'
          ? share + step
          : event.key === 'Home'
            ? min
            : event.key === 'End'
              ? max
              : null
    if (next === null) return
    event.preventDefault()
    onShare(within(next), true)
  }
  return (
    <div ref={box} className={styles.page}>
      <div className={styles.tablePane} style={props.right === null ? undefined : { flex: `0 1 ${share}%` }}>
        {props.left}
      </div>
      {props.right === null ? null : (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a separator that is moved has a value, which hr has not */}
          <div
            className={styles.divider}
            role="separator"
            aria-orientation="vertical"
            aria-label={props.label}
            aria-valuenow={share}
            aria-valuemin={min}
            aria-valuemax={max}
            aria-valuetext={`table ${share} %, charts ${100 - share} %`}
            tabIndex={0}
            onKeyDown={onKeyDown}
            onDoubleClick={() => onShare(props.usual, true)}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={(event) => {
              if (event.currentTarget.hasPointerCapture(event.pointerId)) onShare(at(event), false)
            }}
            onPointerUp={(event) => onShare(at(event), true)}
          />
          <div className={styles.chartsPane}>{props.right}</div>
        </>
      )}
    </div>
  )
}
