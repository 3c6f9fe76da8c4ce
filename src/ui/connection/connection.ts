/** The tab's own watch over its connection, and what the screen reads of it. */
import { useSyncExternalStore } from 'react'
import { type Connection, ConnectionWatch } from './connection-watch.ts'

/** A server that says nothing for this long does not answer, ms. */
const SILENT_MS = 8_000
/** What a proxy says in the place of a server that is away, and a server that is not ready. */
const AWAY: readonly number[] = [502, 503, 504]

/** The same way as all data of pages; whatever it says, it answers. */
async function ask(): Promise<boolean> {
  try {
    const response = await fetch('/api/trpc/me.get', { cache: 'no-store', signal: AbortSignal.timeout(SILENT_MS) })
    return !AWAY.includes(response.status)
  } catch {
    return false
  }
}

export const connection = new ConnectionWatch(ask)

export const useConnection = (): Connection =>
  useSyncExternalStore(
    connection.watch,
    () => connection.state,
    () => FINE,
  )

const FINE: Connection = { kind: 'fine' }
