import { sql } from 'drizzle-orm'
import type { EntryKind } from '#src/core/comparisons/entries.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** What an entry names, with the place where it is now. */
export interface PlacedEntry {
  kind: EntryKind
  /** Of what it names, inside. */
  target_id: number
  /** Of a run and of a checkpoint, outside; null for a stage. */
  uid: string | null
  is_baseline: boolean
  project_id: number
  project: string
  experiment_id: number
  experiment_number: number
  experiment_name: string
  run_id: number | null
  run_number: number | null
  run_name: string | null
  step: number | null
}

export interface EntryRow extends PlacedEntry, Record<string, unknown> {
  comparison_id: number
  is_deleted: boolean
}

/** Entries of comparisons in their order, each with the place where it is now. */
export async function listEntries(db: Handle, scope: Scope, comparisonIds: readonly number[]): Promise<EntryRow[]> {
  if (comparisonIds.length === 0) return []
  return await db.execute<EntryRow>(sql`
    select e.comparison_id, e.kind, coalesce(e.experiment_id, e.run_id, e.checkpoint_id) as target_id,
      coalesce(r.uid, c.uid) as uid, e.is_baseline, p.id as project_id, p.slug as project, x.id as experiment_id,
      x.number as experiment_number, x.name as experiment_name, coalesce(r.id, cr.id) as run_id,
      coalesce(r.number, cr.number) as run_number, coalesce(r.name, cr.name) as run_name, c.step,
      coalesce(r.deleted_at, c.deleted_at, cr.deleted_at) is not null as is_deleted
    from comparison_entries e
    left join runs r on r.workspace_id = e.workspace_id and r.id = e.run_id
    left join checkpoints c on c.workspace_id = e.workspace_id and c.id = e.checkpoint_id
    left join runs cr on cr.workspace_id = c.workspace_id and cr.id = c.run_id
    join experiments x on x.workspace_id = e.workspace_id
      and x.id = coalesce(e.experiment_id, r.experiment_id, c.experiment_id)
    join projects p on p.workspace_id = x.workspace_id and p.id = x.project_id
    where e.workspace_id = ${scope.workspaceId} and e.comparison_id in ${[...comparisonIds]}
    order by e.comparison_id, e.position`)
}
