import { sql } from 'drizzle-orm'
import type { Handle } from '../handle.ts'

/** A complete evaluation whose items were never packed: one that was stored before packing was. */
export interface UnpackedEvaluation extends Record<string, unknown> {
  id: number
  workspace_id: number
  project_id: number
  benchmark_id: number
}

/** Such evaluations of all workspaces behind an id, in the order of their ids. For the clock. */
export async function listUnpacked(db: Handle, after: number, limit: number): Promise<UnpackedEvaluation[]> {
  return await db.execute<UnpackedEvaluation>(sql`
    select e.id, e.workspace_id, e.project_id, e.benchmark_id
    from evaluations e
    where e.id > ${after} and e.status = 'complete' and e.n_items > 0
      and not exists (select 1 from packed_items k where k.evaluation_id = e.id)
    order by e.id limit ${limit}`)
}
