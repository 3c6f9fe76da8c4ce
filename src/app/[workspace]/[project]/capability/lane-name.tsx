import styles from './capability.module.css'
import type { Layout } from './drawing-layout.ts'

/** Name and note of a lane: in the left column, or above the lane on a phone. */
export function LaneName(props: {
  name: string
  notes: readonly string[]
  top: number
  layout: Layout
  /** What the notes had no room for. */
  whole?: string | undefined
}) {
  const { left, narrow } = props.layout
  if (narrow)
    return (
      <text className={styles.strong} x={-left + 2} y={props.top - 5}>
        {props.name}
        <tspan className={styles.quiet} dx={6} fontWeight={400}>
          {props.notes[0]}
        </tspan>
      </text>
    )
  return (
    <g>
      <text className={styles.strong} x={-left} y={props.top + 16}>
        {props.name}
      </text>
      {props.notes.map((note, i) => (
        <text key={note} className={styles.quiet} x={-left} y={props.top + 33 + i * 16}>
          {note}
        </text>
      ))}
      {props.whole === undefined ? null : <title>{props.whole}</title>}
    </g>
  )
}

/** Two curves that are not one: a short gap with its reason. */
export function BreakMark({ x, y, why }: { x: number; y: number; why: string }) {
  return (
    <g className={styles.break}>
      <path
        d={`M${x - 3.5} ${y + 5}l3 -10M${x + 0.5} ${y + 5}l3 -10`}
        stroke="var(--text-2)"
        strokeWidth={1.25}
        fill="none"
      />
      <rect x={x - 12} y={y - 12} width={24} height={24} fill="transparent">
        <title>{why}</title>
      </rect>
    </g>
  )
}
