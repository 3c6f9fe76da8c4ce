import { mkdirSync } from 'node:fs'
import type { Database, Sql } from '#src/db/clients.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import type { Log } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import type { MetricStore } from '#src/services/metrics/store.ts'

export interface StoreParts {
  sql: Sql
  db: Database
  log: Log
  now: () => Date
  /** Folder of the blobs. */
  artifactsDir: string
}

export interface Stores {
  metrics: MetricStore
  blobs: BlobStore
  close(): Promise<void>
}

/** Opens what keeps points and files. */
export async function openStores(parts: StoreParts): Promise<Stores> {
  mkdirSync(parts.artifactsDir, { recursive: true, mode: 0o700 })
  return { metrics: away<MetricStore>(), blobs: away<BlobStore>(), close: async () => {} }
}

function away<T extends object>(): T {
  const refuse = () => {
    throw new Refusal('unavailable', 'This build has no store.')
  }
  return new Proxy({} as T, { get: () => refuse })
}
