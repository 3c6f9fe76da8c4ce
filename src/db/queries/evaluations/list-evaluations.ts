import { type SQL, sql } from 'drizzle-orm'
import type { ProtocolFields, SoftFields } from '#src/core/evaluations/protocol.ts'
import type { ImportedFrom } from '#src/db/schema/evaluations.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import { type BenchmarkColumns, benchmarkColumns, benchmarkLinks } from './benchmark-columns.ts'

export interface EvaluationViewRow extends BenchmarkColumns, Record<string, unknown> {
  id: number
  uid: string
  checkpoint_id: number
  checkpoint_uid: string
  experiment_id: number
  benchmark_id: number
  metric: string
  score: number
  scale: 1 | 100
  stderr: number | null
  n: number | null
  n_missing: string | null
  variant: string
  n_clusters: number | null
  n_items: number
  seed: string
  source: string
  imported_from: ImportedFrom | null
  status: 'open' | 'complete'
  fingerprint: string
  protocol: ProtocolFields
  soft: SoftFields
  measured_at: string | null
  created_at: string
  superseded: boolean
}

/** Which evaluations: standing ones of checkpoints, of a project (of one benchmark by its slug) or of a benchmark; single ones by id; all complete ones like one. */
export type WhichEvaluations =
  | { checkpointIds: readonly number[] }
  | { projectId: number; benchmark?: string }
  | { benchmarkId: number }
  | { ids: readonly number[] }
  | { like: { checkpointId: number; benchmarkId: number; metric: string; protocolId: number; variant: string } }

/** Evaluations with benchmark and protocol, newest first. Standing ones of checkpoints that were not deleted. */
export async function listEvaluations(db: Handle, scope: Scope, of: WhichEvaluations): Promise<EvaluationViewRow[]> {
  const list = 'checkpointIds' in of ? of.checkpointIds : 'ids' in of ? of.ids : null
  if (list?.length === 0) return []
  return await db.execute<EvaluationViewRow>(sql`
    select e.id, e.uid, e.checkpoint_id, c.uid as checkpoint_uid, c.experiment_id, e.benchmark_id, ${benchmarkColumns},
      e.metric, e.score, e.scale, e.stderr, e.n, e.n_missing, e.variant, e.n_clusters, e.n_items, e.seed, e.source, e.imported_from, e.status, p.fingerprint,
      p.fields as protocol, e.soft, e.measured_at, e.created_at, e.superseded_by is not null as superseded
    from evaluations e
    join checkpoints c on c.id = e.checkpoint_id
    join benchmarks b on b.id = e.benchmark_id
    ${benchmarkLinks}
    join protocols p on p.id = e.protocol_id
    where e.workspace_id = ${scope.workspaceId} and ${which(of)}
    order by coalesce(e.measured_at, e.created_at) desc, e.id desc`)
}

function which(of: WhichEvaluations): SQL {
  if ('ids' in of) return sql`e.id in ${[...of.ids]}`
  if ('like' in of) {
    const { checkpointId, benchmarkId, metric, protocolId, variant } = of.like
    return sql`e.checkpoint_id = ${checkpointId} and e.benchmark_id = ${benchmarkId} and e.metric = ${metric}
      and e.protocol_id = ${protocolId} and e.variant = ${variant} and e.status = 'complete'`
  }
  const place =
    'checkpointIds' in of
      ? sql`e.checkpoint_id in ${[...of.checkpointIds]}`
      : 'projectId' in of
        ? sql`e.project_id = ${of.projectId}${of.benchmark === undefined ? sql`` : sql` and b.slug = ${of.benchmark}`}`
        : sql`e.benchmark_id = ${of.benchmarkId}`
  return sql`${place} and e.status = 'complete' and e.superseded_by is null and c.deleted_at is null`
}
