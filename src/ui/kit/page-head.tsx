import type { ReactNode } from 'react'
import styles from './kit.module.css'

/** The body of a page: gutter and foot. */
export function Page({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={className ? `${styles.page} ${className}` : styles.page}>{children}</div>
}

/** Title, then the one sentence or row of numbers that is the answer, then the controls at the right. */
export function PageHead(props: { title: ReactNode; sentence?: ReactNode; children?: ReactNode }) {
  return (
    <header className={styles.pageHead}>
      <h1 className={styles.pageTitle}>{props.title}</h1>
      <div className={styles.pageSentence}>{props.sentence}</div>
      {props.children ? <div className={styles.pageControls}>{props.children}</div> : null}
    </header>
  )
}
