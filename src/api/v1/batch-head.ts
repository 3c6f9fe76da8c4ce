import { Uid } from '#src/protocol/words.ts'
import { invalid } from '#src/services/errors.ts'
import type { BatchHead } from '#src/services/metrics/open-writer.ts'

/**
 * Reads the headers that name a batch: X-Stream, X-Seq, X-Attempt, X-Fence.
 *
 * @throws Refusal `invalid_request` naming the header
 */
export function readBatchHead(run: string, headers: Headers): BatchHead {
  const stream = Uid.safeParse(headers.get('x-stream') ?? '')
  if (!stream.success)
    throw invalid('/headers/X-Stream', `X-Stream must be a UUID, one per writing process${got(headers, 'x-stream')}.`)
  const seq = integer(headers, 'X-Seq', 1)
  if (seq === undefined)
    throw invalid('/headers/X-Seq', 'X-Seq is missing: 1 for the first batch of a stream, then 2, 3 …')
  return {
    run,
    stream: stream.data,
    seq,
    attempt: integer(headers, 'X-Attempt', 1, 2 ** 31 - 1),
    fence: integer(headers, 'X-Fence', 0),
  }
}

function integer(headers: Headers, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const text = headers.get(name)
  if (text === null) return undefined
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw invalid(`/headers/${name}`, `${name} must be an integer from ${min} to ${max}${got(headers, name)}.`)
}

const got = (headers: Headers, name: string): string => {
  const text = headers.get(name)
  return text === null ? ' (it is missing)' : ` (got "${text.slice(0, 60)}")`
}
