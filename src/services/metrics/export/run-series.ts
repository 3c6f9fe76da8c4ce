import { scanBatch } from '../../../core/metrics/packed-batch.ts'
import type { Sql } from '../../../db/clients.ts'
import { listSeries } from '../../../db/queries/metrics/list-series.ts'
import type { HeadCache } from '../head-cache.ts'
import type { KeyDictionary } from '../key-dictionary.ts'
import type { RunSeries } from '../store.ts'

interface Parts {
  sql: Sql
  heads: HeadCache
  dictionary: KeyDictionary
}

/** The series of a run by the order of their keys, each with the attempts that have points of it. */
export async function listRunSeries(
  { sql, heads, dictionary }: Parts,
  workspaceId: number,
  runId: number,
): Promise<RunSeries> {
  // The head first: what a seal takes out of it in between is then found among the sealed.
  const head = (await heads.open([runId])).get(runId)
  const attempts = new Map<number, Set<number>>()
  const take = (metricId: number, attempt: number) => {
    const known = attempts.get(metricId)
    if (known) known.add(attempt)
    else attempts.set(metricId, new Set([attempt]))
  }
  for (const row of head?.rows ?? []) {
    const collect = {
      has: (metricId: number) => {
        take(metricId, row.attempt)
        return false
      },
    }
    scanBatch(row.data, collect, () => {})
  }
  for (const { metricId, attempt } of await listSeries(sql, runId)) take(metricId, attempt)
  const { names } = await dictionary.openFor(workspaceId, attempts.keys())
  const series = [...attempts].map(([id, numbers]) => ({
    id,
    key: names.get(id) ?? `metric ${id}`,
    attempts: [...numbers].sort((a, b) => a - b),
  }))
  return { starts: head?.attempts ?? [], series: series.sort((a, b) => (a.key < b.key ? -1 : 1)) }
}
