import type { ReactNode } from 'react'
import { ansiSpans, type Span } from '#src/core/console/ansi-spans.ts'
import { findPlaces, type Place } from '#src/core/console/line-search.ts'
import styles from './console.module.css'

/** One line as styled text nodes, with the places of a search marked, outlined in the line where the search stands. */
export function LineText(props: { text: string; pattern: RegExp | null; isCurrent: boolean }) {
  const spans = ansiSpans(props.text)
  const places = props.pattern ? findPlaces(spans.map((span) => span.text).join(''), props.pattern) : []
  let offset = 0
  return spans.map((span) => {
    const start = offset
    offset += span.text.length
    return (
      <span
        key={start}
        className={span.colour === null ? undefined : styles.inked}
        data-colour={span.colour ?? undefined}
        data-bold={span.bold || undefined}
        data-faint={span.faint || undefined}
        data-italic={span.italic || undefined}
        data-underline={span.underline || undefined}
      >
        {marked(span, start, places, props.isCurrent)}
      </span>
    )
  })
}

function marked(span: Span, start: number, places: readonly Place[], isCurrent: boolean): ReactNode {
  const end = start + span.text.length
  const inside = places.filter((place) => place.from < end && place.to > start)
  if (inside.length === 0) return span.text
  const parts: ReactNode[] = []
  let at = start
  for (const place of inside) {
    const from = Math.max(start, place.from)
    const to = Math.min(end, place.to)
    if (from > at) parts.push(span.text.slice(at - start, from - start))
    parts.push(
      <mark key={from} className={styles.hit} data-current={isCurrent || undefined}>
        {span.text.slice(from - start, to - start)}
      </mark>,
    )
    at = to
  }
  if (at < end) parts.push(span.text.slice(at - start))
  return parts
}
