import type { AnySql } from '../../../clients.ts'

/** What PostgreSQL says that tables take on disk, with indexes, large values and free space; of the whole instance. */
export interface TableBytes {
  table: string
  bytes: number
}

const TABLES = [
  'metric_block',
  'metric_tail',
  'metric_latest',
  'console_chunk',
  'metric_series',
  'metric_stream',
  'metric_attempt',
  'metric_run',
  'metric_seal',
] as const

/** Sizes of the metrics store's tables and of the whole database, without reading any of them. */
export async function measureTables(sql: AnySql): Promise<{ tables: TableBytes[]; database: number }> {
  const columns = TABLES.map((table) => `pg_total_relation_size('${table}')::bigint as ${table}`)
  const [row] = await sql.unsafe<Record<string, number>[]>(
    `select pg_database_size(current_database())::bigint as database, ${columns.join(', ')}`,
    [],
    { prepare: true },
  )
  return {
    tables: TABLES.map((table) => ({ table, bytes: row?.[table] ?? 0 })),
    database: row?.database ?? 0,
  }
}
