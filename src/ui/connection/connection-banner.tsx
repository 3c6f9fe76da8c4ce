'use client'
import { useQueryClient } from '@tanstack/react-query'
import { Unplug } from 'lucide-react'
import { useEffect } from 'react'
import { useNow } from '#src/ui/kit/now.ts'
import { liveSource } from '#src/ui/live/live-source.ts'
import styles from './connection.module.css'
import { connection, useConnection } from './connection.ts'
import type { Connection } from './connection-watch.ts'

/**
 * Says at the foot of the page that the server does not answer, and when it is asked again; gone once it does, and then the page's
 * questions are asked anew.
 */
export function ConnectionBanner() {
  const client = useQueryClient()
  const state = useConnection()
  useEffect(() => connection.onReturn(() => void client.refetchQueries({ type: 'active' })), [client])
  useEffect(() => {
    const leaveStream = liveSource.watch(() => {
      if (liveSource.state === 'down') connection.suspect()
    })
    window.addEventListener('offline', connection.suspect)
    window.addEventListener('online', connection.tryNow)
    return () => {
      leaveStream()
      window.removeEventListener('offline', connection.suspect)
      window.removeEventListener('online', connection.tryNow)
    }
  }, [])
  return state.kind === 'lost' ? <Banner state={state} /> : null
}

function Banner({ state }: { state: Extract<Connection, { kind: 'lost' }> }) {
  const now = useNow()
  useEffect(() => {
    const hold = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null
      if (!(link instanceof HTMLAnchorElement) || !leavesPage(link, event) || connection.mayLeave()) return
      event.preventDefault()
      event.stopPropagation()
    }
    document.addEventListener('click', hold, true)
    document.documentElement.dataset.connection = 'lost'
    return () => {
      document.removeEventListener('click', hold, true)
      delete document.documentElement.dataset.connection
    }
  }, [])
  const seconds = state.retryAtMs === null ? 0 : Math.max(0, Math.ceil((state.retryAtMs - now) / 1_000))
  return (
    <div className={styles.banner}>
      <Unplug className={styles.icon} size={18} strokeWidth={1.75} aria-hidden />
      <p className={styles.words}>
        <span role="status">
          <strong>The server does not answer.</strong>{' '}
          {state.isHeld
            ? 'That page can be opened once it does: press it again then. This one stays as it is.'
            : 'What is here stays as it was, and what you typed is kept.'}
        </span>{' '}
        <span className={styles.next}>{seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again.'}</span>
      </p>
      <button type="button" className="link" onClick={connection.tryNow}>
        Try now
      </button>
    </div>
  )
}

function leavesPage(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const opensElsewhere =
    link.target === '_blank' || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0
  return (
    !opensElsewhere &&
    !link.hasAttribute('download') &&
    link.origin === window.location.origin &&
    link.pathname + link.search !== window.location.pathname + window.location.search
  )
}
