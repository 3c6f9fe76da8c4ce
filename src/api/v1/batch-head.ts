import { Uid } from '#src/protocol/words.ts'
import { invalid } from '#src/services/errors.ts'
import type { BatchHead } from '#src/services/metrics/open-writer.ts'

type ReadHeader = (name: string) => string | null

/**
 * Reads the headers that name a batch: X-Stream, X-Seq, X-Attempt, X-Fence.
 *
 * @param header gives the text of a header by its lower-case name, null when it was not sent
 * @throws Refusal `invalid_request` naming the header
 */
export function readBatchHead(run: string, header: ReadHeader): BatchHead {
  const stream = readUid(header('x-stream') ?? '')
  if (stream === null)
    throw invalid('/headers/X-Stream', `X-Stream must be a UUID, one per writing process${got(header, 'x-stream')}.`)
  const seq = integer(header, 'X-Seq', 1)
  if (seq === undefined)
    throw invalid('/headers/X-Seq', 'X-Seq is missing: 1 for the first batch of a stream, then 2, 3 …')
  return {
    run,
    stream,
    seq,
    attempt: integer(header, 'X-Attempt', 1, 2 ** 31 - 1),
    fence: integer(header, 'X-Fence', 0),
  }
}

function integer(header: ReadHeader, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const text = header(name.toLowerCase())
  if (text === null) return undefined
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw invalid(`/headers/${name}`, `${name} must be an integer from ${min} to ${max}${got(header, name)}.`)
}

const got = (header: ReadHeader, name: string): string => {
  const text = header(name.toLowerCase())
  return text === null ? ' (it is missing)' : ` (got "${text.slice(0, 60)}")`
}

const PLAIN_UID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The plain form is told at once: this is read for every batch. */
function readUid(text: string): string | null {
  if (PLAIN_UID.test(text)) return text
  return Uid.safeParse(text).data ?? null
}
