import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import { type BenchmarkColumns, benchmarkColumns, benchmarkLinks } from './benchmark-columns.ts'

export interface BenchmarkListRow extends BenchmarkColumns, Record<string, unknown> {
  id: number
  description: string
  default_protocol_id: number | null
  checkpoints: number
  protocols: number
  newest_at: string | null
}

/**
 * Benchmarks of the workspace with how often they were measured, by category and name.
 *
 * @param of.project counts only evaluations of this project; null: of all
 */
export async function listBenchmarks(
  db: Handle,
  scope: Scope,
  of: { slug?: string; project: number | null },
): Promise<BenchmarkListRow[]> {
  return await db.execute<BenchmarkListRow>(sql`
    select b.id, ${benchmarkColumns}, b.description, b.default_protocol_id,
      coalesce(e.checkpoints, 0)::int as checkpoints, coalesce(e.protocols, 0)::int as protocols, e.newest_at
    from benchmarks b ${benchmarkLinks}
    left join (
      select e.benchmark_id, count(distinct e.checkpoint_id) as checkpoints, count(distinct e.protocol_id) as protocols,
        max(coalesce(e.measured_at, e.created_at)) as newest_at
      from evaluations e join checkpoints c on c.id = e.checkpoint_id and c.deleted_at is null
      where e.workspace_id = ${scope.workspaceId} and e.status = 'complete' and e.superseded_by is null
        ${of.project === null ? sql`` : sql`and e.project_id = ${of.project}`}
      group by e.benchmark_id) e on e.benchmark_id = b.id
    where b.workspace_id = ${scope.workspaceId} ${of.slug === undefined ? sql`` : sql`and b.slug = ${of.slug}`}
    order by b.category, b.name, b.slug`)
}
