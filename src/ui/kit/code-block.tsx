'use client'
import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'
import styles from './kit.module.css'

/**
 * Code to copy; the button stands in the label line, so that it covers nothing. `wrap` breaks long values; `mark`: what of it is personal,
 * such as a key, on the accent's ground.
 */
export function CodeBlock(props: { label: string; text: string; wrap?: boolean; mark?: string | null }) {
  const { label, text, wrap = false, mark = null } = props
  return (
    <div>
      <div className={styles.codeHead}>
        <span>{label}</span>
        <CopyButton text={text} />
      </div>
      <div className={styles.code}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
        <pre className={styles.codeText} data-wrap={wrap || undefined} tabIndex={0}>
          <code>{mark === null || mark === '' ? text : marked(text, mark)}</code>
        </pre>
      </div>
    </div>
  )
}

function marked(text: string, mark: string): ReactNode[] {
  return text.split(mark).flatMap((part, i) => [
    ...(i > 0
      ? [
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no name of their own
          <span key={i} className={styles.codeMark}>
            {mark}
          </span>,
        ]
      : []),
    part,
  ])
}
