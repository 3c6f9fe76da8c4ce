import { sql } from 'drizzle-orm'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import { holdsAll, rankOf, type Sought } from './everything.ts'

export interface FoundProject extends Record<string, unknown> {
  slug: string
  name: string
  runs: number
  /** How many were found in all; the same in each row. */
  found: number
}

/** Projects whose name or short name contains the words, best first. */
export async function findProjectsNamed(
  db: Handle,
  scope: Scope,
  { words, text, limit }: Sought,
): Promise<FoundProject[]> {
  return db.execute<FoundProject>(sql`
    with found as (
      select p.id, p.slug, p.name, least(${rankOf(sql`p.slug`, text)}, ${rankOf(sql`p.name`, text)}) as place,
        count(*) over ()::int as found
      from projects p
      where p.workspace_id = ${scope.workspaceId} and p.archived_at is null
        and (${holdsAll(sql`p.slug`, words)} or ${holdsAll(sql`p.name`, words)})
      order by place, p.id desc limit ${limit}
    )
    select f.slug, f.name, f.found,
      (select count(*)::int from runs r where r.workspace_id = ${scope.workspaceId} and r.project_id = f.id and r.deleted_at is null) as runs
    from found f order by f.place, f.id desc`)
}
