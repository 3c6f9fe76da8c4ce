import { setImmediate } from 'node:timers/promises'
import type { Sql } from '../../db/clients.ts'
import { listChunkSizes } from '../../db/queries/console/list-chunk-sizes.ts'
import { readManyChunks } from '../../db/queries/console/read-many-chunks.ts'
import type { LogMatches } from '../../protocol/metrics.ts'
import type { ChunkCache } from './chunk-cache.ts'
import type { ScanChunk } from './scan-chunks.ts'

/** Bytes of chunks that one statement reads. */
const GROUP_BYTES = 4 * 1024 * 1024
const CHUNKS_MAX = 100_000
/** Numbers of lines that are told, the newest. */
const LINES_TOLD_MAX = 10_000
/** The process answers others at least so often while it looks. */
const SLICE_MS = 8
/** A search that takes longer ends where it is and says how far it came. */
const SEARCH_MS_MAX = 3_000

/** Which lines are looked through: from `since` on, up to `before`. */
export interface SearchedLines {
  since: number
  before?: number | undefined
}

interface Group {
  /** First lines of its chunks, the newest first. */
  firsts: number[]
  from: number
  to: number
}

/**
 * Looks through the console of a run, the newest lines first. Two groups of chunks are read at a time: while one is looked through,
 * the database reads the next.
 */
export async function searchLines(
  { sql, cache }: { sql: Sql; cache: ChunkCache },
  runId: number,
  scan: ScanChunk,
  part: SearchedLines,
): Promise<LogMatches> {
  const startedAt = performance.now()
  const sizes = await listChunkSizes(sql, runId, CHUNKS_MAX)
  const total = sizes[0] ? sizes[0].firstLine + sizes[0].lines : 0
  const { since } = part
  const before = Math.min(part.before ?? total, total)
  const groups = groupsOf(sizes, since, before)
  const answer: LogMatches = { total_lines: total, searched_from: before, matches: 0, lines: [], took_ms: 0 }
  const read = (group: Group | undefined) => (group ? chunksOf({ sql, cache }, runId, group) : null)
  let next = read(groups[0])
  let sliceFrom = performance.now()
  for (const [i, group] of groups.entries()) {
    const chunks = (await next) ?? []
    next = read(groups[i + 1])
    // What fails while nobody waits for it is told by the next await.
    next?.catch(() => undefined)
    for (const { firstLine, data } of chunks) {
      const found = scan(data)
      for (let k = found.length - 1; k >= 0; k--) {
        const line = firstLine + (found[k] as number)
        if (line < since || line >= before) continue
        answer.matches++
        if (answer.lines.length < LINES_TOLD_MAX) answer.lines.push(line)
      }
      if (performance.now() - sliceFrom < SLICE_MS) continue
      await setImmediate()
      sliceFrom = performance.now()
    }
    answer.searched_from = Math.max(since, group.from)
    if (performance.now() - startedAt > SEARCH_MS_MAX) break
  }
  if (groups.length === 0) answer.searched_from = Math.min(since, before)
  await next?.catch(() => undefined)
  answer.lines.reverse()
  answer.took_ms = Math.round(performance.now() - startedAt)
  return answer
}

/** The chunks of a group, the newest first: those that were read lately, or all of them anew. */
async function chunksOf(
  { sql, cache }: { sql: Sql; cache: ChunkCache },
  runId: number,
  group: Group,
): Promise<{ firstLine: number; data: Buffer }[]> {
  const known = group.firsts.flatMap((firstLine) => {
    const data = cache.get(runId, firstLine)
    return data ? [{ firstLine, data }] : []
  })
  if (known.length === group.firsts.length) return known
  const chunks = await readManyChunks(sql, runId, group.from, group.to)
  for (const { firstLine, data } of chunks) cache.put(runId, firstLine, data)
  return chunks.reverse()
}

/** Chunks, newest first, in runs of at most 4 MB, as ranges of lines. */
function groupsOf(sizes: Awaited<ReturnType<typeof listChunkSizes>>, since: number, before: number): Group[] {
  const groups: Group[] = []
  let bytes = 0
  for (const chunk of sizes) {
    const to = chunk.firstLine + chunk.lines
    if (to <= since) break
    if (chunk.firstLine >= before) continue
    const last = groups.at(-1)
    bytes += chunk.bytes
    if (last && bytes <= GROUP_BYTES) {
      last.from = chunk.firstLine
      last.firsts.push(chunk.firstLine)
    } else {
      groups.push({ firsts: [chunk.firstLine], from: chunk.firstLine, to })
      bytes = chunk.bytes
    }
  }
  return groups
}
