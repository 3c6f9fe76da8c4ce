import { Fragment } from 'react'
import type { ReadSearch } from '#src/core/search/parse-search.ts'
import styles from './search.module.css'

/** The search with its parts in colour, laid under the transparent text of the input; the wrong part is underlined. */
export function SearchLine(props: { text: string; read: ReadSearch; isWrong: boolean }) {
  const { text, read, isWrong } = props
  const wrong = isWrong && read.answer.kind === 'error' ? read.answer : null
  const pieces: { from: number; to: number; kind: string | undefined }[] = []
  let at = 0
  for (const { from, to, kind } of read.tokens) {
    if (from < at) continue
    if (from > at) pieces.push({ from: at, to: from, kind: undefined })
    pieces.push({ from, to, kind })
    at = to
  }
  if (at < text.length) pieces.push({ from: at, to: text.length, kind: undefined })
  return (
    <>
      {pieces.map(({ from, to, kind }) => (
        <Fragment key={from}>
          {wrong && wrong.at < to && wrong.to > from ? (
            <Marked text={text} from={from} to={to} kind={kind} wrong={wrong} />
          ) : (
            <span data-kind={kind}>{text.slice(from, to)}</span>
          )}
        </Fragment>
      ))}
    </>
  )
}

function Marked(props: {
  text: string
  from: number
  to: number
  kind: string | undefined
  wrong: { at: number; to: number }
}) {
  const { text, from, to, kind, wrong } = props
  const [start, end] = [Math.max(from, wrong.at), Math.min(to, wrong.to)]
  return (
    <span data-kind={kind}>
      {text.slice(from, start)}
      <span className={styles.wrong}>{text.slice(start, end)}</span>
      {text.slice(end, to)}
    </span>
  )
}
