import { Fragment } from 'react'
import styles from './search.module.css'

/** The text with each place where `part` occurs marked, without case. */
export function Matched({ text, part }: { text: string; part: string }) {
  const wanted = part.trim().toLowerCase()
  const lower = text.toLowerCase()
  // Letters whose lower case is longer would shift the marks.
  if (wanted === '' || lower.length !== text.length) return text
  const pieces: { at: number; to: number; isHit: boolean }[] = []
  let at = 0
  for (let hit = lower.indexOf(wanted); hit >= 0; hit = lower.indexOf(wanted, at)) {
    if (hit > at) pieces.push({ at, to: hit, isHit: false })
    pieces.push({ at: hit, to: hit + wanted.length, isHit: true })
    at = hit + wanted.length
  }
  if (at < text.length) pieces.push({ at, to: text.length, isHit: false })
  return (
    <>
      {pieces.map(({ at: from, to, isHit }) => (
        <Fragment key={from}>
          {isHit ? <mark className={styles.hit}>{text.slice(from, to)}</mark> : text.slice(from, to)}
        </Fragment>
      ))}
    </>
  )
}
