import type { Sql } from '../../db/clients.ts'
import { listRunIds } from '../../db/queries/metrics/list-run-ids.ts'
import { newestWrites } from '../../db/queries/metrics/newest-writes.ts'

const RUNS_PER_LOOK = 5_000

/**
 * Runs whose newest batch came within `windowMs` of the newest batch of all. A server that was killed wrote its summaries at most
 * that long before: those of every other run are up to date. The control plane says which runs there are, so that the data plane is
 * asked for named runs only.
 */
export async function freshRuns(sql: Sql, windowMs: number): Promise<number[]> {
  const newest = new Map<number, number>()
  for (let after = 0; ; ) {
    const runIds = await listRunIds(sql, after, RUNS_PER_LOOK)
    for (const [runId, at] of await newestWrites(sql, runIds)) newest.set(runId, at)
    if (runIds.length < RUNS_PER_LOOK) break
    after = runIds[runIds.length - 1] as number
  }
  const last = [...newest.values()].reduce((a, b) => Math.max(a, b), 0)
  return [...newest].filter(([, at]) => at >= last - windowMs).map(([runId]) => runId)
}
