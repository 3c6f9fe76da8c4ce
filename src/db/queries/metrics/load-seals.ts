import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** What was sealed of a run so far: `version` grows with each seal, `rewrites` with each that changed or deleted a block. */
export interface SealState {
  runId: number
  version: number
  rewrites: number
}

/** The state of these runs' seals; runs that were never sealed are left out. */
export async function loadSeals(sql: AnySql, runIds: readonly number[]): Promise<SealState[]> {
  const rows = await sql.unsafe<{ run_id: number; version: number; rewrites: number }[]>(
    'select run_id, version, rewrites from metric_seal where run_id = any($1::bigint[])',
    [numbers(runIds)],
    { prepare: true },
  )
  return rows.map((row) => ({ runId: row.run_id, version: row.version, rewrites: row.rewrites }))
}
