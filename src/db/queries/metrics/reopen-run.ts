import type { AnySql } from '../../clients.ts'
import { WRITER_STATES, type Writer } from './write-writer.ts'

/** The undo of a delete: the only statement that leads out of the state `deleted`. */
export async function reopenRun(sql: AnySql, runId: number, writer: Writer): Promise<void> {
  await sql.unsafe(
    `insert into metric_run as r (run_id, fence, attempt, state) values ($1::bigint, $2::bigint, $3::int, $4::smallint)
     on conflict (run_id) do update
     set fence = greatest(r.fence, excluded.fence), attempt = greatest(r.attempt, excluded.attempt), state = excluded.state`,
    [runId, writer.fence, writer.attempt, WRITER_STATES[writer.state]],
    { prepare: true },
  )
}
