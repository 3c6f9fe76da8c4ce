import type { ReactNode } from 'react'
import styles from './kit.module.css'

/** A short word on a ground. */
export function Chip({
  children,
  tone = 'plain',
  title,
}: {
  children: ReactNode
  tone?: 'plain' | 'warning'
  title?: string
}) {
  return (
    <span className={styles.chip} data-tone={tone} title={title}>
      {children}
    </span>
  )
}
