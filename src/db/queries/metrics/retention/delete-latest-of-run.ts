import type { AnySql } from '../../../clients.ts'

/** Forgets all summaries of a run; they lie with the control plane, so in no transaction of the data plane. */
export async function deleteLatestOfRun(sql: AnySql, runId: number): Promise<void> {
  await sql.unsafe('delete from metric_latest where run_id = $1::bigint', [runId], { prepare: true })
}
