import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** Consecutive blocks of one level of one series. */
export interface BlockRange {
  runId: number
  metricId: number
  attempt: number
  level: number
  first: number
  last: number
  /** The axis is wanted for its wall times; else it comes only where it has the steps. */
  wantsTimes: boolean
}

export interface BlockRow {
  /** Place of its range in the question. */
  range: number
  no: number
  data: Buffer
  /** Bytes of the shared axis where they are needed. */
  axis: Buffer | null
}

/**
 * The bytes of blocks named by number, and how often blocks of their runs were rewritten, in one snapshot: while that is what it was
 * when the blocks were chosen, they are the ones that were meant. A run of which no block is there any more has no count. Both in one
 * join, not beside each other in a union: of a run they come from one place then, where runs are spread over nodes.
 */
export async function readBlocks(
  sql: AnySql,
  ranges: readonly BlockRange[],
): Promise<{ blocks: BlockRow[]; rewrites: Map<number, number> }> {
  const runIds = [...new Set(ranges.map((range) => range.runId))]
  const rows = await sql.unsafe<{ range: number; no: number; data: Buffer; axis: Buffer | null; rewrites: number }[]>(
    `select w.range, b.no, b.data, a.data as axis, s.rewrites
     from unnest($2::bigint[], $3::int[], $4::int[], $5::smallint[], $6::int[], $7::int[], $8::boolean[])
       with ordinality w (run_id, metric_id, attempt, level, first, last, wants_times, range)
     join metric_block b on b.run_id = any($1::bigint[]) and b.run_id = w.run_id and b.metric_id = w.metric_id
       and b.attempt = w.attempt and b.level = w.level and b.no between w.first and w.last
     join metric_seal s on s.run_id = any($1::bigint[]) and s.run_id = b.run_id
     left join metric_block a on a.run_id = any($1::bigint[]) and a.run_id = b.run_id and a.metric_id = 0
       and a.attempt = b.attempt and a.level = b.level and a.no = b.axis and (w.wants_times or b.flags & 16 <> 0)`,
    [
      numbers(runIds),
      numbers(ranges.map((range) => range.runId)),
      numbers(ranges.map((range) => range.metricId)),
      numbers(ranges.map((range) => range.attempt)),
      numbers(ranges.map((range) => range.level)),
      numbers(ranges.map((range) => range.first)),
      numbers(ranges.map((range) => range.last)),
      `{${ranges.map((range) => range.wantsTimes).join(',')}}`,
    ],
    { prepare: true },
  )
  const blocks: BlockRow[] = []
  const rewrites = new Map<number, number>()
  for (const { range, no, data, axis, rewrites: count } of rows) {
    blocks.push({ range: range - 1, no, data, axis })
    rewrites.set((ranges[range - 1] as BlockRange).runId, count)
  }
  return { blocks, rewrites }
}
