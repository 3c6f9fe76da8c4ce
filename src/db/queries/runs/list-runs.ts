import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { RunKind, RunState } from '#src/core/runs/states.ts'
import { experiments } from '#src/db/schema/experiments.ts'
import { runs } from '#src/db/schema/runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface RunFilter {
  experimentId?: number | undefined
  states?: readonly RunState[] | undefined
  kind?: RunKind | undefined
  /** These ones, deleted or not. */
  ids?: readonly number[] | undefined
  /** Numbers below this one: the cursor. */
  before?: number | undefined
  limit: number
}

/** `key:12` and `user:7` by the name of the key of this workspace or of the person; null for the rest. */
const createdByName = sql<string | null>`case split_part(${runs.createdBy}, ':', 1)
  when 'key' then (select k.name from api_keys k
    where k.workspace_id = ${runs.workspaceId} and k.id = split_part(${runs.createdBy}, ':', 2)::bigint)
  when 'user' then (select u.name from users u where u.id = split_part(${runs.createdBy}, ':', 2)::bigint)
end`

export type RunListRow = Awaited<ReturnType<typeof listRuns>>[number]

/** Runs with their experiment and newest attempt, newest first. Configuration and environment stay behind. */
export async function listRuns(db: Handle, scope: ProjectScope, filter: RunFilter) {
  return await db
    .select({
      id: runs.id,
      uid: runs.uid,
      number: runs.number,
      name: runs.name,
      kind: runs.kind,
      state: runs.state,
      seed: runs.seed,
      runGroup: runs.runGroup,
      tags: runs.tags,
      isStarred: runs.isStarred,
      archivedAt: runs.archivedAt,
      message: runs.message,
      lastStep: runs.lastStep,
      totalSteps: runs.totalSteps,
      tokens: runs.tokens,
      createdBy: runs.createdBy,
      createdByName,
      createdAt: runs.createdAt,
      startedAt: runs.startedAt,
      endedAt: runs.endedAt,
      lastContactAt: runs.lastContactAt,
      stopRequestedAt: runs.stopRequestedAt,
      experimentId: runs.experimentId,
      experimentNumber: experiments.number,
      experimentSlug: experiments.slug,
      experimentName: experiments.name,
      stageKind: experiments.stageKind,
      attempt: sql<number | null>`(select max(a.number) from attempts a where a.run_id = ${runs.id})`,
    })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experimentId))
    .where(
      and(
        eq(runs.workspaceId, scope.workspaceId),
        eq(runs.projectId, scope.projectId),
        filter.ids ? inArray(runs.id, [...filter.ids]) : isNull(runs.deletedAt),
        filter.experimentId === undefined ? undefined : eq(runs.experimentId, filter.experimentId),
        filter.states?.length ? inArray(runs.state, [...filter.states]) : undefined,
        filter.kind === undefined ? undefined : eq(runs.kind, filter.kind),
        filter.before === undefined ? undefined : lt(runs.number, filter.before),
      ),
    )
    .orderBy(desc(runs.number))
    .limit(filter.limit)
}
