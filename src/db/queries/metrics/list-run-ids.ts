import type { AnySql } from '../../clients.ts'

/** Ids of runs that are not deleted, of all projects, ascending, beyond `after`. */
export async function listRunIds(sql: AnySql, after: number, limit: number): Promise<number[]> {
  const rows = await sql.unsafe<{ id: number }[]>(
    'select id from runs where id > $1::bigint and deleted_at is null order by id limit $2::int',
    [after, limit],
    { prepare: true },
  )
  return rows.map((row) => row.id)
}
