import type { AnySql } from '../../clients.ts'
import { numbers } from './insert-batches.ts'

export interface Progress {
  runId: number
  /** Null: not known from points; what is there stays. */
  lastStep: number | null
  tokens: number | null
  contactAtMs: number
}

/** Brings runs up to date with their points: last step, tokens, contact. A run that was lost runs again. */
export async function writeProgress(sql: AnySql, rows: readonly Progress[]): Promise<void> {
  await sql.unsafe(
    `update runs r set
       last_step = coalesce(u.last_step, r.last_step),
       tokens = coalesce(u.tokens, r.tokens),
       last_contact_at = greatest(r.last_contact_at, to_timestamp(u.contact::float8 / 1000)),
       state = case when r.state = 'lost' then 'running' else r.state end
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) u (run_id, last_step, tokens, contact)
     where r.id = u.run_id and r.deleted_at is null`,
    [
      numbers(rows.map((row) => row.runId)),
      numbers(rows.map((row) => row.lastStep)),
      numbers(rows.map((row) => row.tokens)),
      numbers(rows.map((row) => row.contactAtMs)),
    ],
    { prepare: true },
  )
}
