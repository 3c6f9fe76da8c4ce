import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

export interface Progress {
  runId: number
  /** Null: not known from points; what is there stays. */
  lastStep: number | null
  /** It is the last step of all metrics; else of some: one that is greater stays. */
  isWhole: boolean
  tokens: number | null
  /** Null: no data came, and a run that was lost stays so. */
  contactAtMs: number | null
}

/**
 * Brings runs up to date with their points: last step, tokens, contact. A run that was lost runs again, its newest attempt with it,
 * and holds its hardware as if it had never been taken for lost.
 */
export async function writeProgress(sql: AnySql, rows: readonly Progress[]): Promise<void> {
  await sql.unsafe(
    `with u as (
       select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[])
         u (run_id, last_step, tokens, contact, is_whole)
     ), healed as (
       update attempts a set ended_at = null, end_reason = null
       from runs r join u on u.run_id = r.id
       where r.state = 'lost' and u.contact is not null and r.deleted_at is null and a.run_id = r.id and a.end_reason = 'lost'
         and a.number = (select max(b.number) from attempts b where b.run_id = r.id)
       returning a.run_id, a.number
     ), held as (
       update allocations o set ended_at = null from healed h where o.run_id = h.run_id and o.attempt = h.number
     )
     update runs r set
       last_step = case when u.is_whole then coalesce(u.last_step, r.last_step) else greatest(u.last_step, r.last_step) end,
       tokens = coalesce(u.tokens, r.tokens),
       last_contact_at = greatest(r.last_contact_at, to_timestamp(u.contact::float8 / 1000)),
       state = case when r.state = 'lost' and u.contact is not null then 'running' else r.state end,
       ended_at = case when r.state = 'lost' and u.contact is not null then null else r.ended_at end
     from u
     where r.id = u.run_id and r.deleted_at is null`,
    [
      numbers(rows.map((row) => row.runId)),
      numbers(rows.map((row) => row.lastStep)),
      numbers(rows.map((row) => row.tokens)),
      numbers(rows.map((row) => row.contactAtMs)),
      `{${rows.map((row) => row.isWhole).join(',')}}`,
    ],
    { prepare: true },
  )
}
