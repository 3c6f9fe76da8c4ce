import type { TransactionSql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'
import type { FreedAxis } from './delete-blocks.ts'

/** Deletes those of these axes that no block shares any more. */
export async function deleteAxes(tx: TransactionSql, runId: number, axes: readonly FreedAxis[]): Promise<void> {
  await tx.unsafe(
    `delete from metric_block a
     using unnest($2::int[], $3::smallint[], $4::int[]) u (attempt, level, no)
     where a.run_id = $1::bigint and a.metric_id = 0 and a.attempt = u.attempt and a.level = u.level and a.no = u.no
       and not exists (
         select 1 from metric_block b
         where b.run_id = $1::bigint and b.metric_id > 0 and b.attempt = a.attempt and b.level = a.level and b.axis = a.no)`,
    [runId, numbers(axes.map((a) => a.attempt)), numbers(axes.map((a) => a.level)), numbers(axes.map((a) => a.no))],
    { prepare: true },
  )
}
