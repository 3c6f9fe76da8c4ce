'use client'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import styles from './settings.module.css'

/** A secret that was just made: shown now and never again. */
export function ShownOnce({ title, secret, note }: { title: string; secret: string; note: string }) {
  return (
    <div className={styles.shown} role="status">
      <b>{title}</b>
      <span className={styles.shownKey}>
        <code>{secret}</code>
        <CopyButton text={secret} />
      </span>
      <span className="ink-2">{note}</span>
    </div>
  )
}
