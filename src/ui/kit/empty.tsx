import type { ReactNode } from 'react'
import styles from './kit.module.css'

/** Nothing here yet: what would be here, and below it (`children`) how it gets here. */
export function Empty(props: { title: string; text?: ReactNode; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{props.title}</p>
      {props.text ? <div className={styles.emptyText}>{props.text}</div> : null}
      {props.children ? <div className={styles.emptyMore}>{props.children}</div> : null}
    </div>
  )
}
