import type { TransactionSql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'

/** Seqs of one stream that are sealed now; ascending, closed ranges. */
export interface SealedSeqs {
  stream: number
  ranges: [number, number][]
}

/** Notes seqs as sealed: from now on they are duplicates. */
export async function markSealed(tx: TransactionSql, runId: number, streams: readonly SealedSeqs[]): Promise<void> {
  const multiranges = streams.map(({ ranges }) => `"{${ranges.map(([from, to]) => `[${from},${to}]`).join(',')}}"`)
  await tx.unsafe(
    `update metric_stream s set sealed = s.sealed + u.seqs
     from unnest($2::int[], $3::int8multirange[]) u (stream, seqs)
     where s.run_id = $1::bigint and s.stream = u.stream`,
    [runId, numbers(streams.map((s) => s.stream)), `{${multiranges.join(',')}}`],
    { prepare: true },
  )
}
