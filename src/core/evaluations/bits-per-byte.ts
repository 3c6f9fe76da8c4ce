import { lossRatio } from './loss-units.ts'

const encoder = new TextEncoder()

/** UTF-8 bytes of a text before tokenisation. */
export const utf8Bytes = (text: string): number => encoder.encode(text).length

/**
 * `Σ nats / (ln 2 · Σ bytes)` over documents, or per token. Comparable between tokenizers, where nats per token are not. Special tokens
 * have no bytes; their loss stays out of the sum.
 *
 * @param documents with their UTF-8 bytes
 * @throws RangeError without bytes: such a corpus has no bits per byte, which is not 0
 */
export function bitsPerByte(documents: readonly { nats: number; bytes: number }[]): number {
  const ratio = lossRatio(
    documents.map(({ nats, bytes }, i) => ({ id: String(i), loss: nats / Math.LN2, weight: bytes })),
  )
  if (!ratio) throw new RangeError('The documents have 0 bytes; there are no bits per byte of them.')
  return ratio.value
}
