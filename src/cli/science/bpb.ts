import { z } from 'zod'
import { bitsPerByte, utf8Bytes } from '../../core/evaluations/bits-per-byte.ts'
import { type Family, operation, positive } from './family.ts'

/** Loss in bits per byte, which no tokenizer changes. */
export const bpb: Family = {
  per_token: operation(
    z.object({ nats_per_token: z.number(), bytes_per_token: positive }),
    ({ nats_per_token, bytes_per_token }) => ({ bpb: bitsPerByte([{ nats: nats_per_token, bytes: bytes_per_token }]) }),
  ),
  totals: operation(z.object({ total_nats: z.number(), total_bytes: positive }), ({ total_nats, total_bytes }) => ({
    bpb: bitsPerByte([{ nats: total_nats, bytes: total_bytes }]),
  })),
  documents: operation(
    z.object({ documents: z.array(z.object({ text: z.string(), loglik: z.number() })) }),
    ({ documents }) => {
      const sized = documents.map(({ text, loglik }) => ({ nats: -loglik, bytes: utf8Bytes(text) }))
      return {
        bytes: sized.map(({ bytes }) => bytes),
        total_bytes: sized.reduce((sum, { bytes }) => sum + bytes, 0),
        bpb: bitsPerByte(sized),
      }
    },
  ),
}
