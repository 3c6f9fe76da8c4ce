import { sql } from 'drizzle-orm'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface ConfigCell extends Record<string, unknown> {
  run_id: number
  key_id: number
  number: number | null
  text: string | null
  truth: boolean | null
}

/** Config values of runs under some keys; what a run lacks is left out. */
export async function listConfigCells(
  db: Handle,
  scope: ProjectScope,
  runIds: readonly number[],
  keyIds: readonly number[],
): Promise<ConfigCell[]> {
  if (runIds.length === 0 || keyIds.length === 0) return []
  return db.execute<ConfigCell>(sql`
    select v.run_id, v.key_id, v.number, v.text, v.truth from config_values v
    where v.project_id = ${scope.projectId}::int and v.key_id = any(${sql.param([...keyIds])}::int[])
      and v.run_id = any(${sql.param([...runIds])}::bigint[])`)
}

export interface MetricCell extends Record<string, unknown> {
  run_id: number
  metric_id: number
  last: number | null
  first: number | null
  min: number | null
  max: number | null
  count: number
}

/** Summaries of metrics of runs; what a run lacks is left out. */
export async function listMetricCells(
  db: Handle,
  scope: ProjectScope,
  runIds: readonly number[],
  metricIds: readonly number[],
): Promise<MetricCell[]> {
  if (runIds.length === 0 || metricIds.length === 0) return []
  return db.execute<MetricCell>(sql`
    select l.run_id, l.metric_id, l.value as last, l.first_value as first, l.vmin as min, l.vmax as max, l.n as count
    from metric_latest l
    where l.project_id = ${scope.projectId}::int and l.metric_id = any(${sql.param([...metricIds])}::int[])
      and l.run_id = any(${sql.param([...runIds])}::bigint[])`)
}

export interface CheckpointCell extends Record<string, unknown> {
  run_id: number
  step: number
  metric_id: number
  value: number | null
}

/** Metrics at the last checkpoint of each run. */
export async function listCheckpointCells(
  db: Handle,
  scope: ProjectScope,
  runIds: readonly number[],
  metricIds: readonly number[],
): Promise<CheckpointCell[]> {
  if (runIds.length === 0 || metricIds.length === 0) return []
  return db.execute<CheckpointCell>(sql`
    select c.run_id, c.step, m.metric_id, m.value
    from (select distinct on (run_id) run_id, id, step from checkpoints
      where workspace_id = ${scope.workspaceId}::int and run_id = any(${sql.param([...runIds])}::bigint[]) and deleted_at is null
      order by run_id, attempt desc, step desc, id desc) c
    join checkpoint_metrics m on m.checkpoint_id = c.id and m.metric_id = any(${sql.param([...metricIds])}::int[])`)
}
