import { type PointGroup, packBatch } from '#src/core/metrics/packed-batch.ts'
import { type DatabaseTarget, endClient, openClient, type Sql } from '#src/db/clients.ts'
import { numbers } from '#src/db/queries/array-literal.ts'
import { type CommitResult, commitBatches } from '#src/services/metrics/commit-batches.ts'
import { GroupCommit } from '#src/services/metrics/group-commit.ts'
import { GROUP_LIMITS } from '#src/services/metrics/open-store.ts'
import type { TailBatch } from '#src/services/metrics/tail-batch.ts'
import { KEYS, randomNumbers, randomValues } from './bodies.ts'

const CONNECTIONS = 8
const SECONDS = 1.5
const TURNS = 3

export interface DatabaseFigures {
  /** 1,000-point batches, 16 writers, in groups. */
  tailPointsPerSecond: number
  /** The same points, a row each, primary key (run, metric, step), arrays per statement, 8 connections. */
  rowPointsPerSecond: number
  /** 256 waiting batches of 20 points, in groups. */
  groupedBatchesPerSecond: number
  /** The same, a commit each, on 8 connections. */
  singleBatchesPerSecond: number
}

/** The database layer alone, bodies packed beforehand: medians of alternating turns. */
export async function benchDatabase(target: DatabaseTarget): Promise<DatabaseFigures> {
  return withTables(target, async (sql) => {
    await sql`insert into metric_run (run_id) select generate_series(1000001, 1000256) on conflict do nothing`
    const figures: DatabaseFigures[] = []
    for (let turn = 0; turn < TURNS; turn++)
      figures.push({
        tailPointsPerSecond: (await grouped(sql, 16, 50)) * 50 * KEYS,
        rowPointsPerSecond: (await rows(sql, 50)) * 50 * KEYS,
        groupedBatchesPerSecond: await grouped(sql, 256, 1),
        singleBatchesPerSecond: await single(sql, 1),
      })
    const median = (of: (figure: DatabaseFigures) => number) =>
      Math.round(figures.map(of).toSorted((a, b) => a - b)[1] ?? 0)
    return {
      tailPointsPerSecond: median((f) => f.tailPointsPerSecond),
      rowPointsPerSecond: median((f) => f.rowPointsPerSecond),
      groupedBatchesPerSecond: median((f) => f.groupedBatchesPerSecond),
      singleBatchesPerSecond: median((f) => f.singleBatchesPerSecond),
    }
  })
}

/**
 * Points per second of the rows alone, for as long as the whole path is measured and after as long a warm-up: in the first seconds
 * the index is small and no checkpoint has come, which flatters them.
 */
export function benchRows(
  target: DatabaseTarget,
  { seconds, warmUpSeconds }: { seconds: number; warmUpSeconds: number },
): Promise<number> {
  return withTables(target, async (sql) => Math.round((await rows(sql, 50, { seconds, warmUpSeconds })) * 50 * KEYS))
}

async function withTables<T>(target: DatabaseTarget, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = openClient(target, { max: CONNECTIONS, name: 'descent bench', statementTimeoutMs: 30_000 })
  try {
    await sql`create table if not exists bench_points (
      run_id bigint, metric_id int, step bigint, t bigint, value float8, primary key (run_id, metric_id, step))`
    return await work(sql)
  } finally {
    await sql`drop table if exists bench_points`
    await sql`truncate metric_tail`
    await endClient(sql)
  }
}

const packed = new Map<number, Buffer>()

function batch(run: number, seq: number, steps: number): TailBatch {
  const data = packed.get(steps) ?? pack(steps)
  packed.set(steps, data)
  return { runId: 1_000_001 + run, stream: 1, seq, attempt: 1, fence: 0, points: steps * KEYS, data, receivedAtMs: 0 }
}

function pack(steps: number): Buffer {
  const random = randomNumbers(7)
  const group: PointGroup<number> = {
    steps: Float64Array.from({ length: steps }, (_, i) => i),
    times: Float64Array.from({ length: steps }, (_, i) => 1_700_000_000_000 + i * 100 + Math.floor(random() * 20)),
    keys: Array.from({ length: KEYS }, (_, k) => ({
      key: k + 1,
      values: Float64Array.from(randomValues(random, k, steps)),
    })),
  }
  return packBatch([group])
}

/** Batches per second of `writers` that each wait for their acknowledgement, through the store's own groups. */
async function grouped(sql: Sql, writers: number, steps: number): Promise<number> {
  await sql`truncate metric_tail`
  const queue = new GroupCommit<TailBatch, CommitResult>(
    GROUP_LIMITS,
    ({ runId, seq, data }) => ({ key: `${runId}:${seq}`, bytes: data.length }),
    (batches) => commitBatches(sql, batches),
  )
  return perSecond(writers, async (writer, n) => {
    const result = await queue.add(batch(writer, n, steps))
    if (result !== 'stored') throw new Error(`A batch was not stored: ${String(result)}`)
  })
}

/** Batches per second with a statement and a commit each. */
async function single(sql: Sql, steps: number): Promise<number> {
  await sql`truncate metric_tail`
  return perSecond(CONNECTIONS, async (writer, n) => {
    const [result] = await commitBatches(sql, [batch(writer, n, steps)])
    if (result !== 'stored') throw new Error(`A batch was not stored: ${String(result)}`)
  })
}

/** The plain way: a row per point, many rows a statement. */
async function rows(sql: Sql, steps: number, time?: Time): Promise<number> {
  await sql`truncate bench_points`
  const random = randomNumbers(7)
  const values = Array.from({ length: KEYS }, (_, k) => randomValues(random, k, steps)).flat()
  const metrics = numbers(values.map((_, i) => 1 + Math.floor(i / steps)))
  const texts = numbers(values)
  return perSecond(
    CONNECTIONS,
    async (writer, n) => {
      const at = values.map((_, i) => (n - 1) * steps + (i % steps))
      await sql.unsafe(
        `insert into bench_points select $1::bigint, * from unnest($2::int[], $3::bigint[], $4::bigint[], $5::float8[])`,
        [1_000_001 + writer, metrics, numbers(at), numbers(at.map((step) => 1_700_000_000_000 + step * 100)), texts],
        { prepare: true },
      )
    },
    time,
  )
}

interface Time {
  seconds: number
  warmUpSeconds: number
}

async function perSecond(
  writers: number,
  work: (writer: number, n: number) => Promise<void>,
  { seconds, warmUpSeconds }: Time = { seconds: SECONDS, warmUpSeconds: 0 },
): Promise<number> {
  let done = 0
  const began = performance.now() + warmUpSeconds * 1_000
  const until = began + seconds * 1_000
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 1; performance.now() < until; n++) {
        await work(writer, n)
        if (performance.now() >= began) done++
      }
    }),
  )
  return done / ((performance.now() - began) / 1_000)
}
