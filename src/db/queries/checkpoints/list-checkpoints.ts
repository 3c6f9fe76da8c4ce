import { sql } from 'drizzle-orm'
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { EdgeEnd } from '../lineage/list-edges.ts'

export interface CheckpointViewRow extends Record<string, unknown> {
  id: number
  uid: string
  project_id: number
  experiment_id: number
  run_id: number | null
  attempt: number | null
  step: number
  tokens: number | null
  sha256: string | null
  size_bytes: number
  location: string | null
  metadata: Record<string, unknown>
  created_at: string
  deleted_at: string | null
  experiment: EdgeEnd & { stage_kind: StageKind }
  run: { uid: string; number: number; name: string } | null
  files: { name: string; sha256: string; size: number }[]
  evaluated: number
  children: EdgeEnd[]
}

/**
 * Checkpoints with all that a view shows: by ids, of a run or of an experiment; the furthest step first. Deleted ones only where
 * ids name them, or when asked.
 *
 * @param limit how many at most of a run or an experiment; of ids all are given
 */
export async function listCheckpoints(
  db: Handle,
  scope: Scope,
  of: { ids: readonly number[] } | { runId: number } | { experimentId: number; deleted?: boolean },
  limit = 1000,
): Promise<CheckpointViewRow[]> {
  if ('ids' in of && of.ids.length === 0) return []
  const which =
    'ids' in of
      ? sql`c.id in ${[...of.ids]}`
      : 'runId' in of
        ? sql`c.run_id = ${of.runId}`
        : sql`c.experiment_id = ${of.experimentId}`
  const shown = 'ids' in of || ('deleted' in of && of.deleted) ? sql`` : sql`and c.deleted_at is null`
  return await db.execute<CheckpointViewRow>(sql`
    select c.id, c.uid, c.project_id, c.experiment_id, c.run_id, c.attempt, c.step, c.tokens, c.sha256, c.size_bytes,
      c.location, c.metadata, c.created_at, c.deleted_at,
      json_build_object('id', x.id, 'project', p.slug, 'number', x.number, 'slug', x.slug, 'name', x.name,
        'stage_kind', x.stage_kind) as experiment,
      case when r.id is not null then json_build_object('uid', r.uid, 'number', r.number, 'name', r.name) end as run,
      coalesce((select json_agg(json_build_object('name', f.name, 'sha256', f.sha256, 'size', f.size_bytes) order by f.name)
        from checkpoint_files f where f.checkpoint_id = c.id), '[]') as files,
      (select count(distinct e.benchmark_id)::int from evaluations e
        where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id = c.id and e.status = 'complete'
          and e.superseded_by is null) as evaluated,
      coalesce((select json_agg(json_build_object('id', y.id, 'project', yp.slug, 'number', y.number, 'slug', y.slug,
          'name', y.name, 'stage_kind', y.stage_kind) order by y.id)
        from (select distinct e.child_id from edges e
          where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id = c.id and e.superseded_at is null) k
        join experiments y on y.id = k.child_id join projects yp on yp.id = y.project_id), '[]') as children
    from checkpoints c
    join experiments x on x.id = c.experiment_id join projects p on p.id = c.project_id
    left join runs r on r.id = c.run_id
    where c.workspace_id = ${scope.workspaceId} and ${which} ${shown}
    order by c.step desc, c.id desc limit ${'ids' in of ? of.ids.length : limit}`)
}
