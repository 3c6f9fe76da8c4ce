import { type Advance, NEWS_KINDS, type NewsDigest } from './news-digest.ts'

/** What one process tells the others in one notice. */
export interface NewsNotice {
  /** Who says it: a text of its own for each start of a process. */
  from: string
  /** All that may have changed is to be looked at anew. */
  isEverything: boolean
  runs: { runId: number; projectId: number; advance: Advance }[]
}

/** PostgreSQL takes notices below 8,000 bytes. */
export const NOTICE_BYTES_MAX = 7_900

/**
 * A digest as texts of at most `NOTICE_BYTES_MAX` characters, all of them ASCII; at least one, which may name no run and is then a sign
 * of life.
 *
 * @param projectOf run id → project id
 */
export function writeNotices(from: string, digest: NewsDigest, projectOf: ReadonlyMap<number, number>): string[] {
  const texts: string[] = []
  let entries: string[] = []
  let length = 0
  const head = `{"from":${JSON.stringify(from)},"runs":[`
  const end = () => {
    texts.push(`${head}${entries.join(',')}]}`)
    entries = []
    length = 0
  }
  for (const [runId, { lastStep, atMs, kinds }] of digest) {
    const entry = JSON.stringify([runId, projectOf.get(runId) ?? 0, lastStep, atMs, kinds])
    if (head.length + length + entry.length + 2 > NOTICE_BYTES_MAX) end()
    entries.push(entry)
    length += entry.length + 1
  }
  if (entries.length > 0 || texts.length === 0) end()
  return texts
}

/** The notice of a process that has just begun: what was written before it did, nobody may have been told of. */
export const writeBeginning = (from: string): string => JSON.stringify({ from, everything: true, runs: [] })

/** A notice as it came; null for what is none, such as that of another version. */
export function readNotice(text: string): NewsNotice | null {
  let sent: unknown
  try {
    sent = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof sent !== 'object' || sent === null || !('from' in sent) || typeof sent.from !== 'string') return null
  if (!('runs' in sent) || !Array.isArray(sent.runs)) return null
  const runs: NewsNotice['runs'] = []
  for (const entry of sent.runs as unknown[]) {
    if (!Array.isArray(entry)) return null
    const [runId, projectId, lastStep, atMs, kinds] = entry as unknown[]
    if (!isNumber(runId) || !isNumber(projectId) || !isNumber(atMs) || !isNumber(kinds)) return null
    if (lastStep !== null && !isNumber(lastStep)) return null
    runs.push({ runId, projectId, advance: { lastStep, atMs, kinds: kinds & ALL_KINDS } })
  }
  return { from: sent.from, isEverything: 'everything' in sent && sent.everything === true, runs }
}

const ALL_KINDS = 2 ** NEWS_KINDS.length - 1
const isNumber = (value: unknown): value is number => typeof value === 'number'
