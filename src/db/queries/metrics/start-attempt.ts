import type { AnySql } from '../../clients.ts'

/** Notes where an attempt begins. Given once: the first word stays. Answers what is noted. */
export async function startAttempt(sql: AnySql, runId: number, attempt: number, firstStep: number): Promise<number> {
  const rows = await sql.unsafe<{ first_step: number }[]>(
    `insert into metric_attempt as a (run_id, attempt, first_step) values ($1::bigint, $2::int, $3::bigint)
     on conflict (run_id, attempt) do update set first_step = a.first_step
     returning first_step`,
    [runId, attempt, firstStep],
    { prepare: true },
  )
  return rows[0]?.first_step ?? firstStep
}
