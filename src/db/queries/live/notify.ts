import type { AnySql } from '../../clients.ts'

/** Sends notices to whoever listens on a channel, all in one commit; each below 8,000 bytes. */
export async function notify(sql: AnySql, channel: string, payloads: readonly string[]): Promise<void> {
  await sql.unsafe('select pg_notify($1, payload) from unnest($2::text[]) payload', [channel, [...payloads]], {
    prepare: true,
  })
}
