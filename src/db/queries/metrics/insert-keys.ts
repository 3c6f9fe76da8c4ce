import type { Sql } from '../../clients.ts'

/** Numbers names that are new to the workspace, one writer per workspace at a time, and answers the numbers of all that were asked for. */
export async function insertKeys(
  sql: Sql,
  workspaceId: number,
  names: readonly string[],
): Promise<{ id: number; name: string }[]> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext('metric_keys'), ${workspaceId}::int)`
    await tx`
      insert into metric_keys (workspace_id, id, name)
      select ${workspaceId}::int,
        (select coalesce(max(id), 0) from metric_keys where workspace_id = ${workspaceId}::int)
          + row_number() over (order by u.place),
        u.name
      from unnest(${[...names]}::text[]) with ordinality u (name, place)
      where not exists (select 1 from metric_keys k where k.workspace_id = ${workspaceId}::int and k.name = u.name)`
    return tx<{ id: number; name: string }[]>`
      select id, name from metric_keys where workspace_id = ${workspaceId}::int and name = any(${[...names]}::text[])`
  })
}
