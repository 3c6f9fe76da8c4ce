import { unpackItems } from '#src/core/evaluations/packed-items.ts'
import { type ScoreInterval, scoreInterval } from '#src/core/evaluations/score-interval.ts'
import type { SlimItem } from '#src/core/evaluations/slim-item.ts'
import { listSlimItems } from '#src/db/queries/evaluations/items.ts'
import type { EvaluationViewRow } from '#src/db/queries/evaluations/list-evaluations.ts'
import { listItemLists, listPackedItems } from '#src/db/queries/evaluations/packed-items.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context, Services } from '#src/services/context.ts'
import { BoundedCache } from './bounded-cache.ts'

/** An evaluation with what statistics need of it. */
export interface Measurement {
  row: EvaluationViewRow
  items: readonly SlimItem[]
  interval: ScoreInterval
}

/** Items of complete evaluations never change, so what was read once is kept: about 100 MB at most. */
const ITEMS_MAX = 500_000

const caches = new WeakMap<Services, BoundedCache<number, Measurement>>()

/** Evaluations with their items and intervals, in the order given. Complete ones are read once per process. */
export async function measure(ctx: Context, scope: Scope, rows: readonly EvaluationViewRow[]): Promise<Measurement[]> {
  const cache = cacheOf(ctx.services)
  const missing = rows.filter((row) => row.status === 'open' || !cache.get(row.id))
  const withItems = missing.filter((row) => row.n_items > 0).map((row) => row.id)
  const items = await itemsOf(ctx, scope, withItems)
  const fresh = new Map(missing.map((row) => [row.id, measurementOf(row, items.get(row.id) ?? [])]))
  for (const [id, measurement] of fresh)
    if (measurement.row.status === 'complete') cache.set(id, measurement, 1 + measurement.items.length)
  return rows.map((row) => {
    const known = fresh.get(row.id) ?? cache.get(row.id) ?? measurementOf(row, [])
    return { ...known, row }
  })
}

/** Items as statistics take them: packed ones, and the whole ones of evaluations that are still open. */
async function itemsOf(ctx: Context, scope: Scope, ids: readonly number[]): Promise<Map<number, SlimItem[]>> {
  const packed = await listPackedItems(ctx.db, scope, ids)
  const lists = await listItemLists(ctx.db, scope, [...new Set([...packed.values()].map(({ listId }) => listId))])
  const items = await listSlimItems(
    ctx.db,
    scope,
    ids.filter((id) => !packed.has(id)),
  )
  for (const [id, { listId, bytes }] of packed) {
    const list = lists.get(listId)
    if (list) items.set(id, unpackItems(list, bytes))
  }
  return items
}

function cacheOf(services: Services): BoundedCache<number, Measurement> {
  const known = caches.get(services)
  if (known) return known
  const made = new BoundedCache<number, Measurement>(ITEMS_MAX)
  caches.set(services, made)
  return made
}

function measurementOf(row: EvaluationViewRow, items: readonly SlimItem[]): Measurement {
  const interval = scoreInterval({ ...row, nClusters: row.n_clusters }, items)
  return { row, items, interval }
}
