/**
 * Answers to several chart questions in one body, each as soon as it is there, in any order. A frame, little-endian:
 *
 *   u32 place of the question | u32 status | u32 bytes of the tag | u32 bytes of the body | tag | body
 *
 * The body of a 200 is `application/vnd.descent.chart.v1`, that of a 304 is empty, any other is a problem document.
 */
export interface ChartFrame {
  /** Which question, from 0. */
  place: number
  status: number
  /** Names the answer; '' without one. */
  etag: string
  body: Uint8Array<ArrayBuffer>
}

export const CHART_FRAMES_CONTENT_TYPE = 'application/vnd.descent.charts.v1'

/** Questions of one call. */
export const CHART_QUESTIONS_MAX = 24

const HEAD_BYTES = 16

/** A frame as bytes. */
export function encodeFrame({ place, status, etag, body }: ChartFrame): Uint8Array<ArrayBuffer> {
  const tag = new TextEncoder().encode(etag)
  const out = new Uint8Array(HEAD_BYTES + tag.length + body.length)
  const head = new DataView(out.buffer)
  for (const [i, value] of [place, status, tag.length, body.length].entries()) head.setUint32(4 * i, value, true)
  out.set(tag, HEAD_BYTES)
  out.set(body, HEAD_BYTES + tag.length)
  return out
}

/** Frames of a stream as they are complete; a rest that is none is left over. Each body has bytes of its own. */
export async function* readFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<ChartFrame> {
  const reader = stream.getReader()
  let held: Uint8Array[] = []
  let size = 0
  /** The first bytes that are held, in one piece. */
  const joined = (): Uint8Array => {
    const [first] = held
    if (held.length === 1 && first) return first
    const all = new Uint8Array(size)
    let at = 0
    for (const part of held) {
      all.set(part, at)
      at += part.length
    }
    held = [all]
    return all
  }
  let needed = HEAD_BYTES
  while (true) {
    const { done, value } = await reader.read()
    if (done) return
    held.push(value)
    size += value.length
    while (size >= needed) {
      const bytes = joined()
      const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const at = (i: number) => head.getUint32(4 * i, true)
      const end = HEAD_BYTES + at(2) + at(3)
      if (size < end) {
        needed = end
        break
      }
      const body = bytes.slice(HEAD_BYTES + at(2), end) as Uint8Array<ArrayBuffer>
      yield {
        place: at(0),
        status: at(1),
        etag: new TextDecoder().decode(bytes.subarray(HEAD_BYTES, HEAD_BYTES + at(2))),
        body,
      }
      held = [bytes.subarray(end)]
      size -= end
      needed = HEAD_BYTES
    }
  }
}
