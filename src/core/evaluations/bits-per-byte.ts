const encoder = new TextEncoder()

/** UTF-8 bytes of a text before tokenisation. */
export const utf8Bytes = (text: string): number => encoder.encode(text).length

/**
 * `nats / (ln 2 · bytes)`: of a corpus, or per token. Comparable between tokenizers, where nats per token are not. Special tokens have no
 * bytes; their loss stays out of the sum.
 *
 * @param bytes UTF-8 bytes, above 0
 * @throws RangeError without bytes: such a corpus has no bits per byte, which is not 0
 */
export function bitsPerByte(nats: number, bytes: number): number {
  if (!(bytes > 0)) throw new RangeError(`no bits per byte over ${bytes} bytes`)
  return nats / (Math.LN2 * bytes)
}
