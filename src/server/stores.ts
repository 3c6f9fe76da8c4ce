import { mkdirSync } from 'node:fs'
import type { Sql } from '#src/db/clients.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { openDirectoryStore } from '#src/services/artifacts/directory-store.ts'
import type { Log } from '#src/services/context.ts'
import { openMetricStore } from '#src/services/metrics/open-store.ts'
import type { MetricStore } from '#src/services/metrics/store.ts'

export interface StoreParts {
  sql: Sql
  log: Log
  /** Folder of the blobs. */
  artifactsDir: string
}

export interface Stores {
  metrics: MetricStore
  blobs: BlobStore
  close(): Promise<void>
}

/** Opens what keeps points and files. */
export async function openStores({ sql, log, artifactsDir }: StoreParts): Promise<Stores> {
  mkdirSync(artifactsDir, { recursive: true, mode: 0o700 })
  const metrics = await openMetricStore({ sql, log })
  return { metrics, blobs: openDirectoryStore(artifactsDir), close: () => metrics.close() }
}
