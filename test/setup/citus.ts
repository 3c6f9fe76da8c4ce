import { distribute } from '#src/db/citus/distribute.ts'
import { Placements } from '#src/db/citus/placements.ts'
import { openClients } from '#src/db/clients.ts'
import { migrate } from '#src/db/migrate.ts'
import type { WriteRoute } from '#src/services/metrics/commit-queues.ts'
import type { TestDatabase } from './database.ts'

/** A database on the coordinator of a cluster, made for tests, with the extension on every node: `docs/scaling.md`. */
export const CITUS_URL = process.env.CITUS_URL

export type CitusDatabase = TestDatabase & {
  placements: Placements
  /** As a server writes to it. */
  route: WriteRoute
  /** What the placements had to say. */
  sentences: string[]
}

/** The database at CITUS_URL with this build's tables, distributed. It stays; only its clients are closed at the end. */
export async function citusDatabase(options: { max?: number } = {}): Promise<CitusDatabase> {
  if (!CITUS_URL) throw new Error('CITUS_URL is not set: there is no cluster to run on.')
  const target = { kind: 'url' as const, url: CITUS_URL }
  await migrate(target)
  await distribute(target)
  const clients = openClients(target, { max: options.max ?? 4, name: 'descent test' })
  const sentences: string[] = []
  const placements = new Placements({ sql: clients.sql, target, log: (sentence) => sentences.push(sentence) })
  return {
    ...clients,
    target,
    name: new URL(CITUS_URL).pathname.slice(1),
    placements,
    sentences,
    route: routeThrough(placements),
    drop: async () => {
      await placements.end()
      await clients.end()
    },
  }
}

/** Groups where the placements say. */
export const routeThrough = (placements: Placements): WriteRoute => ({
  writeBody: 'values',
  queueOf: (runId) => placements.queueOf(runId),
  poolOf: (queue) => placements.poolOf(queue),
  forgetQueue: (runId, error) => placements.forget(runId, error),
})
