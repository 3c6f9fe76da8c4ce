import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import type { Sql } from '../db/clients.ts'
import type { Actor } from './actor.ts'
import type { BlobStore } from './artifacts/blob-store.ts'
import type { LiveHub } from './live/run-news.ts'
import type { MetricStore } from './metrics/store.ts'

/** drizzle over a pool or inside a transaction. */
export type Db = PgDatabase<PostgresJsQueryResultHKT>

export interface Log {
  info(fields: object, sentence: string): void
  warn(fields: object, sentence: string): void
  error(fields: object, sentence: string): void
}

/** What the process made once and hands to every verb. */
export interface Services {
  /** drizzle's client. */
  readonly db: Db
  /** The raw client, for the data plane. */
  readonly sql: Sql
  readonly metrics: MetricStore
  /** Where screens hear what happened; told after the commit. */
  readonly live: LiveHub
  readonly blobs: BlobStore
  readonly settings: { readonly publicUrl: string; readonly dataDir: string }
  readonly log: Log
  now(): Date
}

/** One call: who acts, with what, under which request id. */
export interface Context {
  readonly actor: Actor
  readonly requestId: string
  readonly services: Services
  /** The pool's drizzle, or the transaction that this call is part of. */
  readonly db: Db
}

/** Runs `work` in a transaction, joining the outer one when the call is part of one already. */
export function inTransaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  return ctx.db === ctx.services.db ? ctx.services.db.transaction((tx) => work({ ...ctx, db: tx })) : work(ctx)
}
