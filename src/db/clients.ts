import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { assertPatched } from './assert-patched.ts'
import { type DriverValues, driverTypes } from './driver-types.ts'
import { prepareRepeated } from './prepare-repeated.ts'

/** Where a database is: behind the embedded engine's socket (the file's path), or at a URL. */
export type DatabaseTarget =
  | { kind: 'embedded'; socket: string; user: string; database: string }
  | { kind: 'url'; url: string }

/** The raw client, for statements written in SQL. */
export type Sql = postgres.Sql<DriverValues>

/** The handle inside `sql.begin`; only this handle may be used there. */
export type TransactionSql = postgres.TransactionSql<DriverValues>

/** A statement may run on the client or inside a transaction. */
export type AnySql = Sql | TransactionSql

/** Drizzle over a client of its own. */
export type Database = PostgresJsDatabase

/** Drizzle's handle inside `db.transaction`. */
export type DatabaseTransaction = Parameters<Parameters<Database['transaction']>[0]>[0]

export type ClientOptions = {
  /** Connections at most. */
  max: number
  /** Shown in `pg_stat_activity`. */
  name: string
  /** PostgreSQL ends a longer statement; 0 = no limit. */
  statementTimeoutMs: number
  /** Called when a connection of this client has closed, for whatever reason. */
  onClose?: () => void
}

export type DatabaseClients = {
  sql: Sql
  db: Database
  /** Closes all connections, at the latest after five seconds. */
  end: () => Promise<void>
}

const CONNECT_TIMEOUT_S = 10
const END_TIMEOUT_S = 5

/**
 * The one place where a database client is made. Connections open at the first query; a lost one is opened again by the next.
 *
 * @throws Error when the driver lacks our patch
 */
export function openClient(target: DatabaseTarget, options: ClientOptions): Sql {
  assertPatched(postgres)
  const settings: postgres.Options<Record<string, postgres.PostgresType>> = {
    max: options.max,
    fetch_types: false,
    types: driverTypes,
    connect_timeout: CONNECT_TIMEOUT_S,
    // The published pause grows to 20 s; a database that restarts is back within seconds.
    backoff: (retries) => Math.min(0.05 * 2 ** retries, 1),
    // A client of one connection is a session that holds something (a lock): it must not be renewed by age.
    max_lifetime: options.max === 1 ? null : 60 * 30,
    onnotice: () => {},
    ...(options.onClose && { onclose: options.onClose }),
    connection: {
      application_name: options.name,
      statement_timeout: options.statementTimeoutMs,
      // A verb that hangs between two statements must not hold its locks for ever.
      idle_in_transaction_session_timeout: 60_000,
      TimeZone: 'UTC',
    },
  }
  if (target.kind === 'url') return asSql(postgres(target.url, settings))
  return asSql(postgres({ ...settings, path: target.socket, user: target.user, database: target.database }))
}

/** `driverTypes` is what `DriverValues` says, parameter by parameter; the driver's own inference cannot express arrays of any. */
function asSql(client: unknown): Sql {
  return client as Sql
}

/**
 * A process's database clients: the raw one and drizzle's. Two, because `drizzle(client)` changes how that client reads times and
 * writes JSON. Together with the server's lock they are all that a process holds.
 *
 * @param options.max connections of each of the two, 8 by default: with the lock 17 of the 40 that the embedded engine allows
 */
export function openClients(
  target: DatabaseTarget,
  options: Partial<Omit<ClientOptions, 'onClose'>> = {},
): DatabaseClients {
  const { max = 8, name = 'descent', statementTimeoutMs = 30_000 } = options
  const sql = openClient(target, { max, name: `${name} sql`, statementTimeoutMs })
  const drizzleClient = openClient(target, { max, name: `${name} drizzle`, statementTimeoutMs })
  const db = drizzle(prepareRepeated(drizzleClient))
  return { sql, db, end: async () => void (await Promise.all([endClient(sql), endClient(drizzleClient)])) }
}

/** Closes a client; never waits longer than five seconds, since the end of a busy connection that dies is never settled. */
export async function endClient(client: Sql): Promise<void> {
  await client.end({ timeout: END_TIMEOUT_S })
}

const UNAVAILABLE = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  '53300', // too many connections
  '57P01', // ended by an administrator, or by a shutdown
  '57P02', // another backend crashed
  '57P03', // starting up or shutting down
])

/**
 * Does this error mean that the database could not be reached or went away? Then the caller answers 503 with `Retry-After`.
 * After a `commit` it means *unknown*: only what is idempotent may be repeated. Errors that drizzle wrapped are looked into.
 */
export function isUnavailable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : ''
    if (UNAVAILABLE.has(code) || code.startsWith('08')) return true
    // What Citus says of a connection that it had kept open to a node which was restarted meanwhile.
    if (code === 'XX000' && /connection marked as essential/.test(at.message)) return true
    // The socket file is missing, or its folder, while the engine restarts.
    if (code === 'ENOENT' && 'syscall' in at && at.syscall === 'connect') return true
  }
  return false
}

/** The SQLSTATE of a failed statement, also below drizzle's wrapper; null when it is no error of PostgreSQL. */
export function sqlState(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code
  return null
}
