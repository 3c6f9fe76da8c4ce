import { type SQL, sql } from 'drizzle-orm'
import type { JobState } from '#src/core/agents/job-states.ts'
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import type { RunKind } from '#src/core/runs/states.ts'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

export interface JobFilter {
  ids?: readonly number[]
  projectId?: number
  pipelineId?: number
  states?: readonly JobState[]
  /** `queue`: as they will be claimed; `newest_end`, `newest_id`: the newest first, by end or by arrival. */
  order?: 'queue' | 'newest_end' | 'newest_id'
  limit?: number
  /** Only jobs with a smaller id. */
  before?: number
}

export interface JobListRow extends Record<string, unknown> {
  id: number
  uid: string
  kind: RunKind
  recipe: string
  queue: string
  queue_paused: boolean
  state: JobState
  reason: string
  project: string
  experiment_number: number
  experiment_slug: string
  experiment_name: string
  stage_kind: StageKind
  run_uid: string
  run_number: number
  run_name: string
  agent: string | null
  attempt: number
  max_attempts: number
  fence: number
  lease_until: string | null
  step: number | null
  total_steps: number | null
  exit_code: number | null
  /** Seconds until it may be claimed; 0 or less: now. */
  due_s: number
  created_at: string
  started_at: string | null
  ended_at: string | null
}

const ORDERS = {
  queue: sql`j.priority desc, j.id`,
  newest_end: sql`j.ended_at desc nulls first, j.id desc`,
  newest_id: sql`j.id desc`,
} as const

/** Jobs of the workspace with the names that people know them by. Progress is the agent's word, else the run's. */
export async function listJobs(db: Handle, scope: Scope, filter: JobFilter): Promise<JobListRow[]> {
  const where: SQL[] = [sql`j.workspace_id = ${scope.workspaceId}`]
  if (filter.ids) where.push(filter.ids.length === 0 ? sql`false` : sql`j.id in ${filter.ids}`)
  if (filter.projectId !== undefined) where.push(sql`j.project_id = ${filter.projectId}`)
  if (filter.pipelineId !== undefined) where.push(sql`j.pipeline_id = ${filter.pipelineId}`)
  if (filter.states) where.push(sql`j.state in ${filter.states}`)
  if (filter.before !== undefined) where.push(sql`j.id < ${filter.before}`)
  const rows = await db.execute<JobListRow>(sql`
    select j.id, j.uid, j.kind, j.recipe, q.name as queue, q.paused_at is not null as queue_paused, j.state, j.reason,
      p.slug as project, x.number as experiment_number, x.slug as experiment_slug, x.name as experiment_name, x.stage_kind,
      r.uid as run_uid, r.number as run_number, r.name as run_name, a.name as agent, j.attempt, j.max_attempts, j.fence,
      j.lease_until, coalesce(j.progress_step, r.last_step) as step, coalesce(j.progress_total, r.total_steps) as total_steps,
      j.exit_code, extract(epoch from j.run_after - now())::float8 as due_s, j.created_at, j.started_at, j.ended_at
    from jobs j
      join queues q on q.id = j.queue_id
      join projects p on p.id = j.project_id
      join experiments x on x.id = j.experiment_id
      join runs r on r.id = j.run_id
      left join agents a on a.id = j.agent_id
    where ${sql.join(where, sql` and `)}
    order by ${ORDERS[filter.order ?? 'queue']}
    limit ${filter.limit ?? 1000}`)
  return [...rows]
}
