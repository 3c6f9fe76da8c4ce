import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** The data plane's word on a run. */
export interface WriterRow {
  fence: number
  /** Of `WRITER_STATES`. */
  state: number
  /** How often the run was sealed. */
  version: number
}

/** Who may write to these runs; runs that the data plane does not know are left out. */
export async function findWriters(sql: AnySql, runIds: readonly number[]): Promise<Map<number, WriterRow>> {
  const rows = await sql
    .unsafe(
      `select r.run_id, r.fence, r.state, coalesce(s.version, 0)
       from metric_run r left join metric_seal s on s.run_id = r.run_id and s.run_id = any($1::bigint[])
       where r.run_id = any($1::bigint[])`,
      [numbers(runIds)],
      { prepare: true },
    )
    .values()
  return new Map(
    (rows as unknown as [number, number, number, number][]).map(([runId, fence, state, version]) => [
      runId,
      { fence, state, version },
    ]),
  )
}
