'use client'
import styles from './console.module.css'
import type { ConsoleLine } from './console-lines.ts'
import { LineText } from './line-text.tsx'

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
})

/** One line with its number, time and stream; a mark in its place until it is there. */
export function ConsoleRow(props: {
  /** The line, from 0. */
  n: number
  /** Its place among the rows that are shown. */
  row: number
  line: ConsoleLine | undefined
  pattern: RegExp | null
  isCurrent: boolean
  isLinked: boolean
  isCharted: boolean
}) {
  const { line } = props
  return (
    <div
      className={styles.row}
      data-line={props.n + 1}
      data-row={props.row}
      data-linked={props.isLinked || undefined}
      data-charted={props.isCharted || undefined}
    >
      <span className={styles.number}>{props.n + 1}</span>
      {line ? (
        <>
          <time
            className={styles.time}
            dateTime={new Date(line.t).toISOString()}
            title={new Date(line.t).toISOString()}
            suppressHydrationWarning
          >
            {clock.format(line.t)}
          </time>
          <span className={styles.source} data-fd={line.fd} title={`attempt ${line.attempt}`}>
            {line.fd === 2 ? 'err' : 'out'}
          </span>
          <span className={styles.text}>
            <LineText text={line.text} pattern={props.pattern} isCurrent={props.isCurrent} />
          </span>
        </>
      ) : (
        <span className={styles.time}>…</span>
      )}
    </div>
  )
}
