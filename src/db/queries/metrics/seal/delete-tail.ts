import type { TransactionSql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'
import type { SealedSeqs } from './mark-sealed.ts'

/** Deletes these rows of a tail; answers how many there were. */
export async function deleteTail(tx: TransactionSql, runId: number, streams: readonly SealedSeqs[]): Promise<number> {
  const ranges = streams.flatMap(({ stream, ranges }) => ranges.map(([from, to]) => ({ stream, from, to })))
  const { count } = await tx.unsafe(
    `delete from metric_tail t using unnest($2::int[], $3::bigint[], $4::bigint[]) u (stream, seq0, seq1)
     where t.run_id = $1::bigint and t.stream = u.stream and t.seq between u.seq0 and u.seq1`,
    [runId, numbers(ranges.map((r) => r.stream)), numbers(ranges.map((r) => r.from)), numbers(ranges.map((r) => r.to))],
    { prepare: true },
  )
  return count
}
