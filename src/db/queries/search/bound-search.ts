import { sql } from 'drizzle-orm'
import type { Handle } from '../handle.ts'

/** A statement of a search ends after this, ms. */
export const SEARCH_TIME_MAX_MS = 4_000

/**
 * Runs a statement of a search under its time limit, with memory to hash 100,000 runs, and without what costs more than it saves
 * in so short a statement: compiling it, helpers that have to be started, nested loops chosen on a guess, and
 * whole tables where an index holds all that is asked for; the pages of such an index lie in memory.
 * Each search is planned for its own values, also where its text is known from before.
 */
export async function boundSearch<T>(db: Handle, work: (bound: Handle) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('statement_timeout', ${String(SEARCH_TIME_MAX_MS)}, true), set_config('work_mem', '64MB', true),
      set_config('jit', 'off', true), set_config('enable_nestloop', 'off', true), set_config('enable_seqscan', 'off', true), set_config('random_page_cost', '1.1', true),
      set_config('max_parallel_workers_per_gather', '0', true), set_config('plan_cache_mode', 'force_custom_plan', true)`)
    return work(tx)
  })
}
