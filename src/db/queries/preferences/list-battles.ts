import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import { battles } from '#src/db/schema/battles.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type BattleRow = typeof battles.$inferSelect

const ofProject = (scope: ProjectScope) =>
  and(eq(battles.workspaceId, scope.workspaceId), eq(battles.projectId, scope.projectId))

/** Battles of a project by the names that their senders gave them. */
export async function listBattlesByName(
  db: Handle,
  scope: ProjectScope,
  names: readonly string[],
): Promise<BattleRow[]> {
  if (names.length === 0) return []
  return await db
    .select()
    .from(battles)
    .where(and(ofProject(scope), inArray(battles.name, [...names])))
}

/** Battles of a project, the newest first. */
export async function listBattles(
  db: Handle,
  scope: ProjectScope,
  of: { before: number | null; limit: number },
): Promise<BattleRow[]> {
  return await db
    .select()
    .from(battles)
    .where(and(ofProject(scope), of.before === null ? undefined : lt(battles.id, of.before)))
    .orderBy(desc(battles.id))
    .limit(of.limit)
}

/** What ratings are made of. */
export type RatedBattle = Pick<
  BattleRow,
  | 'checkpointA'
  | 'modelA'
  | 'checkpointB'
  | 'modelB'
  | 'winner'
  | 'prompt'
  | 'rater'
  | 'first'
  | 'lengthA'
  | 'lengthB'
  | 'judgedAt'
  | 'name'
>

/** The newest battles of a project that a filter finds; the order is that of their arrival, newest first. */
export async function listRatedBattles(
  db: Handle,
  scope: ProjectScope,
  filter: { category: string | null; rater: string | null; limit: number },
): Promise<RatedBattle[]> {
  return await db
    .select({
      checkpointA: battles.checkpointA,
      modelA: battles.modelA,
      checkpointB: battles.checkpointB,
      modelB: battles.modelB,
      winner: battles.winner,
      prompt: battles.prompt,
      rater: battles.rater,
      first: battles.first,
      lengthA: battles.lengthA,
      lengthB: battles.lengthB,
      judgedAt: battles.judgedAt,
      name: battles.name,
    })
    .from(battles)
    .where(
      and(
        ofProject(scope),
        filter.category === null ? undefined : eq(battles.category, filter.category),
        filter.rater === null ? undefined : eq(battles.rater, filter.rater),
      ),
    )
    .orderBy(desc(battles.id))
    .limit(filter.limit)
}
