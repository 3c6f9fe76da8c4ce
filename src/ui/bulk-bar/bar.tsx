'use client'
import type { ReactNode } from 'react'
import { readFailure } from '#src/ui/trpc-client.tsx'
import styles from './bulk-bar.module.css'

/** A row of buttons that change what is chosen; what was refused stands below them. */
export function Bar(props: { label: string; error: unknown; children: ReactNode }) {
  return (
    <div className={styles.bar} role="toolbar" aria-label={props.label}>
      {props.children}
      {props.error ? (
        <p className={styles.problem} role="alert">
          {readFailure(props.error).sentence}
        </p>
      ) : null}
    </div>
  )
}
