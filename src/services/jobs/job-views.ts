import { type Machine, whyItWaits } from '#src/core/agents/why-it-waits.ts'
import { listAgents } from '#src/db/queries/agents/list-agents.ts'
import { type JobFilter, type JobListRow, listJobs } from '#src/db/queries/agents/list-jobs.ts'
import { listMissingInputs, type MissingInput } from '#src/db/queries/agents/list-missing-inputs.ts'
import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Job } from '#src/protocol/agents.ts'
import type { Context } from '#src/services/context.ts'

/** An agent that has not been heard of for this long is shown as offline: three heartbeats. */
export const ONLINE_S = 30

/**
 * Jobs as people see them, each with the reason why it waits or how it ended. The scope must be proven. In claim order, or the
 * newest first.
 */
export async function jobViews(ctx: Context, scope: Scope, filter: JobFilter): Promise<Job[]> {
  const rows = await listJobs(ctx.db, scope, filter)
  const waiting = rows.filter((row) => row.state === 'waiting').map((row) => row.id)
  const missing = await listMissingInputs(ctx.db, scope, waiting)
  const machines = rows.some((row) => row.state === 'queued') ? await machinesOf(ctx, scope) : []
  return rows.map((row) => jobView(row, missing, machines))
}

async function machinesOf(ctx: Context, scope: Scope): Promise<Machine[]> {
  const rows = await listAgents(ctx.db, scope, ONLINE_S)
  return rows.map(({ agent, online }) => ({ ...agent, online }))
}

function jobView(row: JobListRow, missing: readonly MissingInput[], machines: readonly Machine[]): Job {
  return {
    id: row.uid,
    kind: row.kind,
    recipe: row.recipe,
    queue: row.queue,
    state: row.state,
    reason: reasonOf(row, missing, machines),
    held_by: holderOf(row, missing),
    project: row.project,
    experiment: {
      project: row.project,
      number: row.experiment_number,
      slug: row.experiment_slug,
      name: row.experiment_name,
      stage_kind: row.stage_kind,
    },
    run: { uid: row.run_uid, number: row.run_number, name: row.run_name },
    agent: row.agent,
    attempt: row.attempt,
    max_attempts: row.max_attempts,
    fence: row.fence,
    lease_until: instantOrNull(row.lease_until),
    progress: row.step === null ? null : { step: row.step, total_steps: row.total_steps },
    exit_code: row.exit_code,
    created_at: instantOf(row.created_at),
    started_at: instantOrNull(row.started_at),
    ended_at: instantOrNull(row.ended_at),
  }
}

/** A job that waits has a reason of its own only while a gate holds it up. */
function holderOf(row: JobListRow, missing: readonly MissingInput[]): Job['held_by'] {
  if (row.state !== 'waiting' || row.reason === '') return null
  const stage = missing.find((input) => input.job_id === row.id && input.holds && input.state === null)
  return stage ? { number: stage.experiment_number, name: stage.experiment_name } : null
}

function reasonOf(row: JobListRow, missing: readonly MissingInput[], machines: readonly Machine[]): string {
  const { state } = row
  if (state !== 'waiting' && state !== 'queued') return row.reason
  const stages = missing
    .filter((input) => input.job_id === row.id)
    .map((input) => ({
      number: input.experiment_number,
      name: input.experiment_name,
      state: input.state,
      step: input.step,
      totalSteps: input.total_steps,
    }))
  return whyItWaits(
    {
      state,
      reason: row.reason,
      queue: row.queue,
      queuePaused: row.queue_paused,
      recipe: row.recipe,
      dueS: row.due_s,
      missing: stages,
    },
    machines,
  )
}
