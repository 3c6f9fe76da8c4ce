import { sql } from 'drizzle-orm'
import type { RaterKind } from '#src/core/preferences/battles.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Battles of a project by category and rater. */
export interface BattleCount extends Record<string, unknown> {
  category: string
  rater: string
  raterKind: RaterKind
  battles: number
}

/** How many battles a project has of each category and rater, the most first. */
export async function countBattles(db: Handle, scope: ProjectScope): Promise<BattleCount[]> {
  return await db.execute<BattleCount>(sql`
    select category, rater, rater_kind as "raterKind", count(*)::int as battles from battles
    where workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId}
    group by category, rater, rater_kind order by battles desc, category, rater`)
}
