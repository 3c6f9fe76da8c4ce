import { sql } from 'drizzle-orm'
import type { StageKind } from '../../../core/experiments/stage-kinds.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import { holdsAll, inside, rankOf, type Sought } from './everything.ts'

export interface FoundStage extends Record<string, unknown> {
  project: string
  number: number
  name: string
  stage_kind: StageKind
  method: string | null
  runs: number
  found: number
}

/** Stages whose name or short name contains the words, best first; of their runs those that are not deleted are counted. */
export async function findStagesNamed(
  db: Handle,
  scope: Scope,
  { words, text, projectId, limit }: Sought,
): Promise<FoundStage[]> {
  return db.execute<FoundStage>(sql`
    with found as (
      select x.id, p.slug as project, x.number, x.name, x.stage_kind, x.method,
        least(${rankOf(sql`x.slug`, text)}, ${rankOf(sql`x.name`, text)}) as place, count(*) over ()::int as found
      from experiments x join projects p on p.id = x.project_id
      where x.workspace_id = ${scope.workspaceId} and ${inside(sql`x.project_id`, projectId)}
        and x.archived_at is null and not x.is_unstaged and p.archived_at is null
        and (${holdsAll(sql`x.name`, words)} or ${holdsAll(sql`x.slug`, words)})
      order by place, x.id desc limit ${limit}
    )
    select f.project, f.number, f.name, f.stage_kind, f.method, f.found,
      (select count(*)::int from runs r where r.experiment_id = f.id and r.deleted_at is null) as runs
    from found f order by f.place, f.id desc`)
}
