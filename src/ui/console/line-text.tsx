import type { ReactNode } from 'react'
import { ansiSpans, type Span } from './ansi-spans.ts'
import styles from './console.module.css'
import type { Hit } from './find-hits.ts'

/** One line as styled text nodes, with the places that were found marked; `current` is outlined. */
export function LineText(props: { text: string; hits: readonly Hit[]; current: Hit | null }) {
  const spans = ansiSpans(props.text)
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
        {marked(span, start, props.hits, props.current)}
      </span>
    )
  })
}

function marked(span: Span, start: number, hits: readonly Hit[], current: Hit | null): ReactNode {
  const end = start + span.text.length
  const inside = hits.filter((hit) => hit.from < end && hit.to > start)
  if (inside.length === 0) return span.text
  const parts: ReactNode[] = []
  let at = start
  for (const hit of inside) {
    const from = Math.max(start, hit.from)
    const to = Math.min(end, hit.to)
    if (from > at) parts.push(span.text.slice(at - start, from - start))
    parts.push(
      <mark key={from} className={styles.hit} data-current={hit === current || undefined}>
        {span.text.slice(from - start, to - start)}
      </mark>,
    )
    at = to
  }
  if (at < end) parts.push(span.text.slice(at - start))
  return parts
}
