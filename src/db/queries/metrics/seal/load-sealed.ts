import { parseMultirange } from '../../../../core/metrics/sequence-ranges.ts'
import type { AnySql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'

/** Which seqs of a stream lie in blocks; ascending, closed ranges. */
export interface SealedStream {
  runId: number
  stream: number
  sealed: [number, number][]
}

/** What was sealed of the streams of these runs; streams of which nothing was are left out. */
export async function loadSealed(sql: AnySql, runIds: readonly number[]): Promise<SealedStream[]> {
  const rows = await sql.unsafe<{ run_id: number; stream: number; sealed: string }[]>(
    `select run_id, stream, sealed::text as sealed from metric_stream
     where run_id = any($1::bigint[]) and not isempty(sealed)`,
    [numbers(runIds)],
    { prepare: true },
  )
  return rows.map((row) => ({ runId: row.run_id, stream: row.stream, sealed: parseMultirange(row.sealed) }))
}
