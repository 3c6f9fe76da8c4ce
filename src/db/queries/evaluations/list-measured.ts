import { sql } from 'drizzle-orm'
import type { ProtocolFields } from '#src/core/evaluations/protocol.ts'
import type { ProjectScope, Scope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'
import { type BenchmarkColumns, benchmarkColumns, benchmarkLinks } from './benchmark-columns.ts'

/** A checkpoint as a column of a matrix. */
export interface MeasuredCheckpoint extends Record<string, unknown> {
  id: number
  uid: string
  project_id: number
  experiment_id: number
  step: number
  tokens: number | null
  run: number | null
}

/** Checkpoints that were measured in the project, or those with these ids or outside ids, measured or not. Deleted ones are left out. */
export async function listMeasuredCheckpoints(
  db: Handle,
  scope: ProjectScope,
  of: { ids: readonly number[] } | { uids: readonly string[] } | 'project',
): Promise<MeasuredCheckpoint[]> {
  if (of !== 'project' && ('ids' in of ? of.ids : of.uids).length === 0) return []
  const which =
    of === 'project'
      ? sql`c.project_id = ${scope.projectId} and exists (select 1 from measured_checkpoints m
          where m.workspace_id = ${scope.workspaceId} and m.checkpoint_id = c.id and m.standing > 0)`
      : 'ids' in of
        ? sql`c.id = any(${numbers(of.ids)}::bigint[])`
        : sql`c.uid = any(${sql.param([...of.uids])}::uuid[])`
  return await db.execute<MeasuredCheckpoint>(sql`
    select c.id, c.uid, c.project_id, c.experiment_id, c.step, c.tokens, r.number as run
    from checkpoints c left join runs r on r.id = c.run_id
    where c.workspace_id = ${scope.workspaceId} and c.deleted_at is null and ${which}
    order by c.experiment_id, c.step, c.id`)
}

/** Slugs of the benchmarks on which a checkpoint of the project was measured, in order. Deleted checkpoints do not count. */
export async function listMeasuredSlugs(db: Handle, scope: ProjectScope): Promise<string[]> {
  const rows = await db.execute<{ slug: string }>(sql`
    select b.slug from benchmarks b
    where b.workspace_id = ${scope.workspaceId} and exists (select 1 from evaluations e
      join checkpoints c on c.id = e.checkpoint_id and c.deleted_at is null
      where e.workspace_id = ${scope.workspaceId} and e.project_id = ${scope.projectId} and e.benchmark_id = b.id
        and e.status = 'complete' and e.superseded_by is null)
    order by b.slug`)
  return rows.map(({ slug }) => slug)
}

/** Variants under which checkpoints were measured besides as they are, in order, by checkpoint id. */
export async function listVariants(
  db: Handle,
  scope: Scope,
  checkpointIds: readonly number[],
): Promise<Map<number, string[]>> {
  if (checkpointIds.length === 0) return new Map()
  const rows = await db.execute<{ id: number; variants: string[] }>(sql`
    select e.checkpoint_id as id, array_agg(distinct e.variant order by e.variant) as variants from evaluations e
    where e.workspace_id = ${scope.workspaceId} and e.variant <> '' and e.status = 'complete' and e.superseded_by is null
      and e.checkpoint_id = any(${numbers(checkpointIds)}::bigint[])
    group by e.checkpoint_id`)
  return new Map(rows.map((row) => [row.id, row.variants]))
}

export interface MeasuredBenchmark extends BenchmarkColumns, Record<string, unknown> {
  id: number
  default_protocol_id: number | null
}

/** Benchmarks of the workspace by id. */
export async function listBenchmarksById(
  db: Handle,
  scope: Scope,
  ids: readonly number[],
): Promise<MeasuredBenchmark[]> {
  if (ids.length === 0) return []
  return await db.execute<MeasuredBenchmark>(sql`
    select b.id, ${benchmarkColumns}, b.default_protocol_id from benchmarks b ${benchmarkLinks}
    where b.workspace_id = ${scope.workspaceId} and b.id = any(${numbers(ids)}::bigint[])`)
}

/** Of more checkpoints than this one is found sooner among a benchmark's evaluations than each of them in the index. */
const SOUGHT_MAX = 32

/**
 * Ids of the benchmarks that were measured on any of these checkpoints of the project; null: on any of its checkpoints. Each is found
 * behind the one before it in the index, since a project has a hundred thousand evaluations of a hundred benchmarks.
 */
export async function listMeasuredBenchmarkIds(
  db: Handle,
  scope: ProjectScope,
  checkpointIds: readonly number[] | null,
): Promise<number[]> {
  if (checkpointIds?.length === 0) return []
  const standing = sql`e.workspace_id = ${scope.workspaceId} and e.project_id = ${scope.projectId}
    and e.status = 'complete' and e.superseded_by is null`
  const shown =
    checkpointIds === null
      ? sql`true`
      : sql`exists (select 1 from evaluations e where ${standing} and e.benchmark_id = b.id
          and ${checkpointIds.length > SOUGHT_MAX ? sql`e.checkpoint_id + 0` : sql`e.checkpoint_id`} = any(${numbers(checkpointIds)}::bigint[]))`
  const rows = await db.execute<{ id: number }>(sql`
    with recursive b(id) as (
      (select e.benchmark_id from evaluations e where ${standing} order by e.benchmark_id limit 1)
      union all
      select (select e.benchmark_id from evaluations e where ${standing} and e.benchmark_id > b.id order by e.benchmark_id limit 1)
      from b where b.id is not null
    )
    select b.id from b where b.id is not null and ${shown}`)
  return rows.map((row) => row.id)
}

/** Protocols by id; they never change. */
export async function listProtocols(
  db: Handle,
  scope: Scope,
  ids: readonly number[],
): Promise<{ id: number; fingerprint: string; name: string; fields: ProtocolFields }[]> {
  if (ids.length === 0) return []
  return await db.execute<{ id: number; fingerprint: string; name: string; fields: ProtocolFields }>(sql`
    select p.id, p.fingerprint, p.name, p.fields from protocols p
    where p.workspace_id = ${scope.workspaceId} and p.id = any(${numbers(ids)}::bigint[])`)
}
