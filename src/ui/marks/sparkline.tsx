import styles from './marks.module.css'
import { sparkPath } from './spark-path.ts'

/** A line without axes; a null is a gap. The last value stands beside it as text. */
export function Sparkline(props: {
  x: readonly number[]
  y: readonly (number | null)[]
  width: number
  height: number
  colour: string
  label: string
}) {
  return (
    <svg
      className={styles.spark}
      width={props.width}
      height={props.height}
      viewBox={`0 0 ${props.width} ${props.height}`}
      role="img"
      aria-label={props.label}
    >
      <path
        d={sparkPath(props.x, props.y, props.width, props.height)}
        fill="none"
        stroke={props.colour}
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}
