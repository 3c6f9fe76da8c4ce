import { decodeLevelBlock } from '../../../core/blocks/level-block.ts'
import { decodePointBlock } from '../../../core/blocks/point-block.ts'
import type { Sql } from '../../../db/clients.ts'
import { type BlockRange, type BlockRow, readBlocks } from '../../../db/queries/metrics/read-blocks.ts'
import type { BlockCache, DecodedBlock } from './block-cache.ts'
import { Breath } from './breath.ts'

/** A range of blocks, chosen while their run was at `rewrites`. */
export interface WantedBlocks extends BlockRange {
  rewrites: number
}

/** At most so many bytes of one answer lie in memory undecoded: ranges beyond it are asked for with further statements. */
const BLOCKS_PER_STATEMENT = 4_096

/**
 * The decoded blocks of each range, in the order of the ranges and of their numbers; those that the cache lacks come with one
 * statement, or with several for thousands of blocks.
 *
 * @returns `stale`: runs whose blocks are not those that were chosen; what is here of them is not to be used
 */
export async function fetchBlocks(
  sql: Sql,
  cache: BlockCache,
  wanted: readonly WantedBlocks[],
): Promise<{ blocks: DecodedBlock[][]; stale: number[] }> {
  const blocks = wanted.map((range) => new Array<DecodedBlock | null>(range.last - range.first + 1).fill(null))
  const missing: { at: number; range: WantedBlocks }[] = []
  for (const [at, range] of wanted.entries()) findMissing(cache, at, range, blocks[at] ?? [], missing)
  const stale = new Set<number>()
  const breath = new Breath()
  for (const part of parts(missing)) {
    const read = await readBlocks(
      sql,
      part.map(({ range }) => range),
    )
    for (const { range } of part) if ((read.rewrites.get(range.runId) ?? 0) !== range.rewrites) stale.add(range.runId)
    for (const row of read.blocks) {
      const { at, range } = part[row.range] as (typeof part)[number]
      if (stale.has(range.runId)) continue
      if (breath.isDue) await breath.take()
      const block = decode(range, row)
      cache.set(keyOf(range, row.no), block)
      const places = blocks[at] as (DecodedBlock | null)[]
      places[row.no - (wanted[at] as WantedBlocks).first] = block
    }
  }
  // A block that is not there although nothing was rewritten: its run was deleted, or thinned out this moment.
  for (const [at, range] of wanted.entries()) if (blocks[at]?.includes(null)) stale.add(range.runId)
  return { blocks: blocks as DecodedBlock[][], stale: [...stale] }
}

function findMissing(
  cache: BlockCache,
  at: number,
  range: WantedBlocks,
  places: (DecodedBlock | null)[],
  missing: { at: number; range: WantedBlocks }[],
): void {
  let open: WantedBlocks | null = null
  for (let no = range.first; no <= range.last; no++) {
    const block = cache.get(keyOf(range, no), range.wantsTimes)
    places[no - range.first] = block
    if (block) open = null
    else if (open) open.last = no
    else {
      open = { ...range, first: no, last: no }
      missing.push({ at, range: open })
    }
  }
}

function* parts<T extends { range: BlockRange }>(missing: readonly T[]): Generator<T[]> {
  let part: T[] = []
  let blocks = 0
  for (const item of missing) {
    part.push(item)
    blocks += item.range.last - item.range.first + 1
    if (blocks < BLOCKS_PER_STATEMENT) continue
    yield part
    part = []
    blocks = 0
  }
  if (part.length > 0) yield part
}

const keyOf = ({ runId, rewrites, metricId, attempt, level }: WantedBlocks, no: number): string =>
  `${runId}:${rewrites}:${metricId}:${attempt}:${level}:${no}`

const decode = ({ level, wantsTimes }: WantedBlocks, { data, axis }: BlockRow): DecodedBlock =>
  level === 0
    ? { kind: 'points', ...decodePointBlock(data, axis, wantsTimes) }
    : { kind: 'buckets', ...decodeLevelBlock(data, axis, wantsTimes) }
