import { mkdirSync } from 'node:fs'
import type { DatabaseTarget, Sql } from '#src/db/clients.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { openDirectoryStore } from '#src/services/artifacts/directory-store.ts'
import type { Log } from '#src/services/context.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import type { LiveHub } from '#src/services/live/run-news.ts'
import type { WriteRoute } from '#src/services/metrics/commit-queues.ts'
import { type OpenStore, openMetricStore, type StoreOptions } from '#src/services/metrics/open-store.ts'

export interface StoreParts {
  sql: Sql
  log: Log
  /** How batches reach the database; one queue and the pool `sql` by default. */
  route?: WriteRoute
  /** Where tails are sealed; in a thread of its own it opens `target` itself. */
  sealer?: StoreOptions['sealer']
  target?: DatabaseTarget
  /** Folder of the blobs. */
  artifactsDir: string
}

export interface Stores {
  metrics: OpenStore
  live: LiveHub
  blobs: BlobStore
  close(): Promise<void>
}

/** Opens what keeps points and files. */
export async function openStores({
  sql,
  log,
  route,
  sealer = 'off',
  target,
  artifactsDir,
}: StoreParts): Promise<Stores> {
  mkdirSync(artifactsDir, { recursive: true, mode: 0o700 })
  const live = openLiveHub(log)
  const metrics = await openMetricStore({ sql, log, live, sealer, ...(target && { target }), ...route })
  return { metrics, live, blobs: openDirectoryStore(artifactsDir), close: () => metrics.close() }
}
