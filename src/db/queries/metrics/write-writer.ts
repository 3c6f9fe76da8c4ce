import type { AnySql } from '../../clients.ts'

/** Words of `metric_run.state`. */
export const WRITER_STATES = { open: 0, finished: 1, deleted: 2 } as const

export interface Writer {
  fence: number
  attempt: number
  state: keyof typeof WRITER_STATES
}

/**
 * Says who may write to a run. A smaller fence never replaces a greater one, and a deleted run stays so: a late finish must not
 * open it again.
 */
export async function writeWriter(sql: AnySql, runId: number, writer: Writer): Promise<void> {
  await sql.unsafe(
    `insert into metric_run as r (run_id, fence, attempt, state) values ($1::bigint, $2::bigint, $3::int, $4::smallint)
     on conflict (run_id) do update set fence = excluded.fence, attempt = excluded.attempt, state = excluded.state
     where r.fence <= excluded.fence and r.state <> 2`,
    [runId, writer.fence, writer.attempt, WRITER_STATES[writer.state]],
    { prepare: true },
  )
}
