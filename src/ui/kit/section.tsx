import { type ReactNode, useId } from 'react'
import styles from './kit.module.css'

/** A part of a page under its own heading; `note` stands beside the title, `actions` at the right end. */
export function Section(props: {
  title: string
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={props.className ? `${styles.section} ${props.className}` : styles.section}>
      <div className={styles.sectionHead}>
        <h2 id={id} className={styles.sectionTitle}>
          {props.title}
        </h2>
        {props.note ? <span className={styles.sectionNote}>{props.note}</span> : null}
        {props.actions ? <div className={styles.sectionActions}>{props.actions}</div> : null}
      </div>
      {props.children}
    </section>
  )
}
