import type { Sql } from '../../db/clients.ts'
import { listRunIds } from '../../db/queries/metrics/list-run-ids.ts'

const RUNS_PER_PAGE = 5_000

/**
 * All runs that are not deleted, ascending, in pages. The control plane says which runs there are, so that the data plane, which may
 * be spread over nodes by run, is asked of named runs only.
 */
export async function* runPages(sql: Sql): AsyncGenerator<number[]> {
  for (let after = 0; ; ) {
    const runIds = await listRunIds(sql, after, RUNS_PER_PAGE)
    if (runIds.length > 0) yield runIds
    if (runIds.length < RUNS_PER_PAGE) return
    after = runIds[runIds.length - 1] as number
  }
}
