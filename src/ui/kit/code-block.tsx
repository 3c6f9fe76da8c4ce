'use client'
import { CopyButton } from './copy-button.tsx'
import styles from './kit.module.css'

/** Code to copy; the button stands in the label line, so that it covers nothing. `wrap` breaks long values. */
export function CodeBlock({ label, text, wrap = false }: { label: string; text: string; wrap?: boolean }) {
  return (
    <div>
      <div className={styles.codeHead}>
        <span>{label}</span>
        <CopyButton text={text} />
      </div>
      <div className={styles.code}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
        <pre className={styles.codeText} data-wrap={wrap || undefined} tabIndex={0}>
          <code>{text}</code>
        </pre>
      </div>
    </div>
  )
}
