'use client'
import { Archive, Unplug } from 'lucide-react'
import { useConnection } from '#src/ui/connection/connection.ts'
import { useNow } from '#src/ui/kit/now.ts'
import { useStreamState } from '#src/ui/live/use-refresh-on-news.ts'
import { agoWords } from './ago-words.ts'
import { type Freshness, usePageState } from './page-state.tsx'
import styles from './shell.module.css'

/** How fresh the page is, in the top line: live with the age of the last point, recorded, or the lost connection. */
export function LiveState() {
  const connection = useConnection()
  const freshness = usePageState()?.freshness ?? null
  const now = useNow()
  if (connection.kind === 'lost')
    return (
      <span className={styles.live} data-kind="lost">
        <Unplug size={16} strokeWidth={1.75} aria-hidden />
        Connection lost
      </span>
    )
  if (freshness === null) return null
  return <Fresh freshness={freshness} now={now} />
}

function Fresh({ freshness, now }: { freshness: Freshness; now: number }) {
  const stream = useStreamState()
  if (freshness.kind === 'recorded') {
    return (
      <span className={styles.live}>
        <Archive size={16} strokeWidth={1.75} aria-hidden />
        Recorded log
      </span>
    )
  }
  const isDown = stream === 'down' && freshness.kind === 'live'
  const age = freshness.at !== null && now > 0 ? agoWords(freshness.at, now) : null
  return (
    <span className={styles.live} data-kind={isDown ? 'idle' : freshness.kind}>
      <span className={styles.dot} aria-hidden />
      <span
        title={
          isDown
            ? 'The live stream was lost and is opened again; until then this page is asked for every 30 s.'
            : undefined
        }
      >
        {isDown ? 'Reconnecting' : freshness.kind === 'live' ? 'Live' : 'Idle'}
      </span>
      {age ? (
        <span className={styles.liveNote}>
          {freshness.what} {age}
        </span>
      ) : null}
    </span>
  )
}
