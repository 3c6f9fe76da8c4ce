import { decodeLevelBlock, LEVEL_RATIO } from '../../../core/blocks/level-block.ts'
import { decodePointBlock } from '../../../core/blocks/point-block.ts'
import type { TransactionSql } from '../../../db/clients.ts'
import type { StoredHead } from '../../../db/queries/metrics/seal/list-heads.ts'
import { type BlockRange, loadBlocks } from '../../../db/queries/metrics/seal/load-blocks.ts'
import type { Extreme, Extremes } from './series-summary.ts'

const RANGES_PER_STATEMENT = 64

/**
 * The exact extremes of the first `heads.length` blocks of a series, all of which have levels: the buckets say which values they are,
 * and the points at which step.
 */
export async function findExtremes(
  tx: TransactionSql,
  runId: number,
  series: { metricId: number; attempt: number },
  heads: readonly StoredHead[],
): Promise<Extremes> {
  // The step is that of the bucket at first.
  let min: Extreme | null = null
  let max: Extreme | null = null
  const ranges = cover(heads.length).map((range) => ({ ...series, ...range }))
  for (let at = 0; at < ranges.length; at += RANGES_PER_STATEMENT) {
    const blocks = await loadBlocks(tx, runId, ranges.slice(at, at + RANGES_PER_STATEMENT))
    blocks.sort((a, b) => a.step0 - b.step0)
    for (const block of blocks) {
      const level = decodeLevelBlock(block.data, block.axis, false)
      for (let i = 0; i < level.steps.length; i++) {
        const step = level.steps[i] as number
        const [low, high] = [level.min[i] as number, level.max[i] as number]
        if (low < (min?.value ?? Number.POSITIVE_INFINITY)) min = { value: low, step }
        if (high > (max?.value ?? Number.NEGATIVE_INFINITY)) max = { value: high, step }
      }
    }
  }
  return {
    min: min && (await locate(tx, runId, series, heads, min)),
    max: max && (await locate(tx, runId, series, heads, max)),
  }
}

/** The fewest blocks of levels that cover level-0 blocks 0 … blocks−1. */
export function cover(blocks: number): Pick<BlockRange, 'level' | 'from' | 'to'>[] {
  const found: Pick<BlockRange, 'level' | 'from' | 'to'>[] = []
  for (let at = 0; at < blocks; ) {
    let level = 1
    let span = 1
    while (at % (span * LEVEL_RATIO) === 0 && at + span * LEVEL_RATIO <= blocks) {
      level++
      span *= LEVEL_RATIO
    }
    found.push({ level, from: at / span, to: at / span })
    at += span
  }
  return found
}

/** The first point with this value, at or behind the first step of its bucket. */
async function locate(
  tx: TransactionSql,
  runId: number,
  series: { metricId: number; attempt: number },
  heads: readonly StoredHead[],
  { value, step }: Extreme,
): Promise<Extreme> {
  for (const { no, step1 } of heads) {
    if (step1 < step) continue
    const [block] = await loadBlocks(tx, runId, [{ ...series, level: 0, from: no, to: no }])
    if (!block) break
    const points = decodePointBlock(block.data, block.axis, false)
    for (let i = 0; i < points.steps.length; i++)
      if ((points.steps[i] as number) >= step && points.values[i] === value)
        return { value, step: points.steps[i] as number }
  }
  throw new Error(
    `Broken assumption: the extreme ${value} of metric ${series.metricId} of run ${runId} is a point of it.`,
  )
}
