import { type DatabaseTarget, endClient, openClient } from './clients.ts'

export interface Listener {
  /** Ends the connection. */
  end(): Promise<void>
}

/**
 * Listens on a channel over a connection of its own. When it dies the driver opens it again, once: who needs to know that it is heard
 * asks for a sign of life, since a connection may also be dead without a word.
 *
 * @param options.name shown in `pg_stat_activity`
 * @param options.take gets each notice, also those that this process sent
 * @param options.again called when the channel is heard again after the connection was lost: notices went by
 * @returns once the channel is heard
 * @throws Error of the driver when the database cannot be reached
 */
export async function listen(
  target: DatabaseTarget,
  options: { name: string; channel: string; take: (payload: string) => void; again: () => void },
): Promise<Listener> {
  const client = openClient(target, { max: 1, name: options.name, statementTimeoutMs: 30_000 })
  try {
    let isFirst = true
    await client.listen(options.channel, options.take, () => {
      if (!isFirst) options.again()
      isFirst = false
    })
  } catch (error) {
    await endClient(client)
    throw error
  }
  return { end: () => endClient(client) }
}
