import type { Sql } from '../../db/clients.ts'
import { newestAttempts } from '../../db/queries/metrics/newest-attempts.ts'
import { newestWrites } from '../../db/queries/metrics/newest-writes.ts'
import { runPages } from './run-pages.ts'

/**
 * Runs whose newest batch came, or whose newest attempt began, within `windowMs` of the last such moment of all. A server that was killed
 * wrote its summaries at most that long before: those of every other run are up to date.
 */
export async function freshRuns(sql: Sql, windowMs: number): Promise<number[]> {
  const newest = new Map<number, number>()
  for await (const runIds of runPages(sql))
    for (const moments of await Promise.all([newestWrites(sql, runIds), newestAttempts(sql, runIds)]))
      for (const [runId, at] of moments) newest.set(runId, Math.max(at, newest.get(runId) ?? 0))
  const last = [...newest.values()].reduce((a, b) => Math.max(a, b), 0)
  return [...newest].filter(([, at]) => at >= last - windowMs).map(([runId]) => runId)
}
