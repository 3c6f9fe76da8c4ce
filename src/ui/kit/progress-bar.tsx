import styles from './kit.module.css'

/** How far something is: `share` from 0 to 1. The number stands beside it, so the bar itself is an image. */
export function ProgressBar({ share, label, width }: { share: number; label: string; width?: number | string }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <span
      className={styles.track}
      style={width === undefined ? undefined : { width }}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span className={styles.bar} style={{ width: `${percent}%` }} />
    </span>
  )
}
