import { sql } from 'drizzle-orm'
import type { ProtocolFields } from '#src/core/evaluations/protocol.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** How often a benchmark was measured by a protocol. */
export interface ProtocolUse extends Record<string, unknown> {
  protocol_id: number
  fingerprint: string
  name: string
  note: string
  fields: ProtocolFields
  protocol_at: string
  benchmark_id: number
  metrics: string[]
  checkpoints: number
  newest_at: string
  newest_id: number
}

/**
 * Protocols by which a benchmark was measured, or benchmarks that were measured by a protocol; the newest first.
 *
 * @param project counts only evaluations of this project; null: of all
 */
export async function listProtocolUses(
  db: Handle,
  scope: Scope,
  of: { benchmarkId: number } | { protocolId: number },
  project: number | null = null,
): Promise<ProtocolUse[]> {
  const which = 'benchmarkId' in of ? sql`e.benchmark_id = ${of.benchmarkId}` : sql`e.protocol_id = ${of.protocolId}`
  return await db.execute<ProtocolUse>(sql`
    select p.id as protocol_id, p.fingerprint, p.name, p.note, p.fields, p.created_at as protocol_at, e.benchmark_id,
      array_agg(distinct e.metric) as metrics, count(distinct e.checkpoint_id)::int as checkpoints,
      max(coalesce(e.measured_at, e.created_at)) as newest_at, max(e.id) as newest_id
    from evaluations e
    join protocols p on p.id = e.protocol_id
    join checkpoints c on c.id = e.checkpoint_id and c.deleted_at is null
    where e.workspace_id = ${scope.workspaceId} and ${which} and e.status = 'complete' and e.superseded_by is null
      ${project === null ? sql`` : sql`and e.project_id = ${project}`}
    group by p.id, e.benchmark_id
    order by newest_at desc, newest_id desc`)
}
