import type { Product } from './product.ts'
import { makeBenchWorld } from './world.ts'

export interface LatestFigures {
  /** Latest of 20 metrics for 1,000 runs, in one statement, ms, median. */
  summariesMs: number
  /** The best 100 of 1,000 runs by one metric, ms, median. */
  top100Ms: number
}

const RUNS = 1_000
const KEYS = 20

/** Summaries as the runs table reads them; written straight into the table, since they are what is measured. */
export async function benchLatest(product: Product): Promise<LatestFigures> {
  const { sql } = product.clients
  const world = await makeBenchWorld(sql, RUNS)
  const ids = world.runs.map((run) => run.id)
  await sql`
    insert into metric_latest (run_id, metric_id, project_id, step, t, value, first_step, first_value, vmin, vmin_step, vmax, vmax_step, n)
    select r, m, ${world.projectId}::int, 1000, 1700000000000, random(), 0, 1, 0, 10, 1, 20, 1000
    from unnest(${ids}::bigint[]) r, generate_series(1, ${KEYS}::int) m`
  await sql`analyze metric_latest`
  const median = async (ask: () => Promise<unknown>) => {
    const times: number[] = []
    for (let i = 0; i < 9; i++) {
      const began = performance.now()
      await ask()
      times.push(performance.now() - began)
    }
    return Number(times.toSorted((a, b) => a - b)[4]?.toFixed(1))
  }
  return {
    summariesMs: await median(() => sql`select * from metric_latest where run_id = any(${ids}::bigint[])`),
    top100Ms: await median(
      () => sql`
        select run_id, value from metric_latest where project_id = ${world.projectId}::int and metric_id = 3
        order by value limit 100`,
    ),
  }
}
