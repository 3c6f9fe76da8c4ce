import { sql } from 'drizzle-orm'
import { gateOverrides } from '#src/db/schema/stage-benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface GateOverrideRow extends Record<string, unknown> {
  /** The person's or the key's name, else the actor as it was kept. */
  by: string
  reason: string
  at: string
}

/** Who let a checkpoint of a stage pass its gate; null: nobody did. */
export async function findGateOverride(
  db: Handle,
  scope: Scope,
  experimentId: number,
  checkpointId: number,
): Promise<GateOverrideRow | null> {
  const [row] = await db.execute<GateOverrideRow>(sql`
    select coalesce(u.name, k.name, o.created_by) as by, o.reason, o.created_at as at
    from gate_overrides o
      left join users u on o.created_by = 'user:' || u.id
      left join api_keys k on o.created_by = 'key:' || k.id and k.workspace_id = o.workspace_id
    where o.workspace_id = ${scope.workspaceId} and o.experiment_id = ${experimentId} and o.checkpoint_id = ${checkpointId}`)
  return row ?? null
}

/** Lets one checkpoint of a stage pass; the first who did so stays. */
export async function insertGateOverride(
  db: Handle,
  scope: Scope,
  override: { experimentId: number; checkpointId: number; reason: string; createdBy: string },
): Promise<void> {
  await db
    .insert(gateOverrides)
    .values({ workspaceId: scope.workspaceId, ...override })
    .onConflictDoNothing()
}

/** True while a job that measures this stage has not ended. */
export async function isBeingMeasured(db: Handle, scope: Scope, experimentId: number): Promise<boolean> {
  const [row] = await db.execute<{ measured: boolean }>(sql`
    select exists (select 1 from jobs where workspace_id = ${scope.workspaceId} and experiment_id = ${experimentId}
      and kind = 'evaluate' and state not in ('finished', 'failed', 'canceled')) as measured`)
  return row?.measured ?? false
}

/** Ids of the stages whose training waits for the checkpoint of this one. */
export async function listWaitingStages(db: Handle, scope: Scope, experimentId: number): Promise<number[]> {
  const rows = await db.execute<{ id: number }>(sql`
    select distinct j.experiment_id as id from job_inputs i join jobs j on j.id = i.job_id
    where i.workspace_id = ${scope.workspaceId} and i.experiment_id = ${experimentId} and i.checkpoint_id is null
      and j.state = 'waiting' and j.kind = 'train'
    order by j.experiment_id`)
  return rows.map((row) => row.id)
}
