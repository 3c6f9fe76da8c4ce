import type { AnySql } from './clients.ts'

export type ServerFacts = {
  /** As PostgreSQL prints it, such as 18.4. */
  version: string
  major: number
  /** Settings that must be on for an acknowledged row to be safe, and are not; for the log and the detail of `/readyz`. */
  unsafeSettings: string[]
}

const OLDEST_MAJOR = 15
/** What the Citus of today runs on. */
const OLDEST_MAJOR_WITH_CITUS = 16
const SAFE_SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit']

/**
 * What a server must be: PostgreSQL 15 or later, 16 with Citus, in UTF-8. Settings that weaken durability are told, not refused.
 *
 * @throws Error with the version found and the way out
 */
export async function checkServer(sql: AnySql): Promise<ServerFacts> {
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name = any(${[...SAFE_SETTINGS, 'server_version', 'server_encoding']}::text[])`
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]))
  const version = settings.get('server_version') ?? ''
  const major = Number.parseInt(version, 10)
  if (!(major >= OLDEST_MAJOR))
    throw new Error(
      `The server at DATABASE_URL is PostgreSQL ${version}; ${OLDEST_MAJOR} or later is needed. Upgrade it, or leave DATABASE_URL unset to use the embedded one.`,
    )
  if (major < OLDEST_MAJOR_WITH_CITUS && (await hasCitus(sql)))
    throw new Error(
      `The database at DATABASE_URL has Citus on PostgreSQL ${version}; with Citus ${OLDEST_MAJOR_WITH_CITUS} or later is needed. Upgrade the nodes of the cluster, or use a database without the extension.`,
    )
  const encoding = settings.get('server_encoding')
  if (encoding !== 'UTF8')
    throw new Error(
      `The database at DATABASE_URL is encoded in ${encoding}; UTF8 is needed. Make one with: create database descent encoding 'UTF8' template template0`,
    )
  return { version, major, unsafeSettings: SAFE_SETTINGS.filter((name) => settings.get(name) === 'off') }
}

async function hasCitus(sql: AnySql): Promise<boolean> {
  const rows = await sql`select 1 from pg_extension where extname = 'citus'`
  return rows.length > 0
}
