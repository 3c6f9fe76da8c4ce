import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'

/** What a statement runs on: the pool's drizzle, or a transaction of it. */
export type Handle = PgDatabase<PostgresJsQueryResultHKT>
