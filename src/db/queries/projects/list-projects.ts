import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface ProjectSummaryRow extends Record<string, unknown> {
  id: number
  slug: string
  name: string
  description: string
  recorded: boolean
  created_at: string
  thin_after_days: number | null
  experiments: number
  runs: number
  running: number
  stage_kinds: string[]
  last_activity_at: string | null
}

/**
 * Projects with what they hold, newest first.
 *
 * @param page.only the one project that a bound key may see
 * @param page.before ids below this one: the cursor
 */
export async function listProjects(
  db: Handle,
  scope: Scope,
  page: { limit: number; before?: number | undefined; only?: number | null },
): Promise<ProjectSummaryRow[]> {
  return await db.execute<ProjectSummaryRow>(sql`
    select p.id, p.slug, p.name, p.description, p.recorded, p.created_at, p.thin_after_days,
      x.n as experiments, r.n as runs, r.running, x.stage_kinds, greatest(r.last, x.last) as last_activity_at
    from projects p
    left join lateral (
      select count(*)::int as n, max(created_at) as last,
        coalesce(array_agg(distinct stage_kind) filter (where not is_unstaged), '{}') as stage_kinds
      from experiments where workspace_id = ${scope.workspaceId} and project_id = p.id and archived_at is null
    ) x on true
    left join lateral (
      select count(*)::int as n, count(*) filter (where state = 'running')::int as running,
        max(greatest(created_at, last_contact_at, ended_at)) as last
      from runs where workspace_id = ${scope.workspaceId} and project_id = p.id and deleted_at is null
    ) r on true
    where p.workspace_id = ${scope.workspaceId} and p.archived_at is null
      and (${page.only ?? null}::int is null or p.id = ${page.only ?? null}::int)
      and (${page.before ?? null}::int is null or p.id < ${page.before ?? null}::int)
    order by p.id desc limit ${page.limit}`)
}
