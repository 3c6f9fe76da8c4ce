import type { AnySql } from '../clients.ts'
import { DATA_PLANE } from './data-plane.ts'

export interface CitusFacts {
  /** Of the extension in this database, such as 14.0-1. */
  version: string
  /** Tables of the data plane that are spread over nodes. */
  distributed: string[]
  /** Tables of the data plane that are not: all before `descent admin distribute`, or those that a migration has added since. */
  local: string[]
}

/** What Citus says of this database; null where the extension is not. */
export async function findCitus(sql: AnySql): Promise<CitusFacts | null> {
  const [extension] = await sql<{ version: string }[]>`
    select extversion as version from pg_extension where extname = 'citus'`
  if (!extension) return null
  const rows = await sql<{ name: string }[]>`
    select t.name from unnest(${[...DATA_PLANE]}::text[]) t (name)
    join pg_dist_partition p on p.logicalrelid = to_regclass(t.name)`
  const distributed = new Set(rows.map((row) => row.name))
  return {
    version: extension.version,
    distributed: DATA_PLANE.filter((name) => distributed.has(name)),
    local: DATA_PLANE.filter((name) => !distributed.has(name)),
  }
}
