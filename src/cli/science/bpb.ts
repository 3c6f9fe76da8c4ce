import { z } from 'zod'
import { bitsPerByte, utf8Bytes } from '../../core/evaluations/bits-per-byte.ts'
import { type Family, operation, positive } from './family.ts'

/** Loss in bits per byte, which no tokenizer changes. */
export const bpb: Family = {
  per_token: operation(
    z.object({ nats_per_token: z.number(), bytes_per_token: positive }),
    ({ nats_per_token, bytes_per_token }) => ({ bpb: bitsPerByte(nats_per_token, bytes_per_token) }),
  ),
  totals: operation(z.object({ total_nats: z.number(), total_bytes: positive }), ({ total_nats, total_bytes }) => ({
    bpb: bitsPerByte(total_nats, total_bytes),
  })),
  documents: operation(
    z.object({ documents: z.array(z.object({ text: z.string(), loglik: z.number() })) }),
    ({ documents }) => {
      const bytes = documents.map(({ text }) => utf8Bytes(text))
      const total = bytes.reduce((sum, own) => sum + own, 0)
      const nats = documents.reduce((sum, { loglik }) => sum - loglik, 0)
      return { bytes, total_bytes: total, bpb: bitsPerByte(nats, total) }
    },
  ),
}
