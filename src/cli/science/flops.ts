import { z } from 'zod'
import { attentionShare, FLOP_METHODS, flopsPerToken, sixNd } from '../../core/cost/flops.ts'
import { mfu } from '../../core/cost/utilisation.ts'
import { type Family, notNegative, operation, positive } from './family.ts'

const sizes = { L: positive, H: positive, Q: positive, T: positive }

/** FLOPs by method, and how much of the hardware they used. */
export const flops: Family = {
  mfu: operation(
    z
      .object({ N: positive, chips: positive, peak_tflops: positive, tokens_per_s: positive })
      .extend(z.object(sizes).partial().shape)
      .refine(
        ({ L, H, Q, T }) => [0, 4].includes([L, H, Q, T].filter((size) => size !== undefined).length),
        'the attention term needs all of L, H, Q and T',
      ),
    ({ N, chips, peak_tflops, tokens_per_s, L, H, Q, T }) => {
      const isShaped = L !== undefined && H !== undefined && Q !== undefined && T !== undefined
      const shape = isShaped ? { layers: L, heads: H, headSize: Q, context: T } : null
      const found = mfu(N, { tokensPerS: tokens_per_s, chips, peakTflops: peak_tflops }, shape)
      return {
        no_attention_pct: found.withoutAttentionPct,
        with_attention_pct: found.withAttentionPct,
        alert: found.alert,
      }
    },
  ),
  six_nd: operation(z.object({ N: positive, D: notNegative }), ({ N, D }) => ({ flops: sixNd(N, D) })),
  attention_share: operation(z.object({ N: positive, ...sizes }), ({ N, L, H, Q, T }) => ({
    share: attentionShare(N, { layers: L, heads: H, headSize: Q, context: T }),
  })),
  per_token: operation(
    z.object({
      method: z.enum(FLOP_METHODS),
      N: positive,
      N_adapter: notNegative.default(0),
      recompute: z.boolean().default(false),
    }),
    ({ method, N, N_adapter, recompute }) => {
      const { model, hardware } = flopsPerToken(method, N, { adapterParams: N_adapter, recompute })
      return { model_flops: model, hardware_flops: hardware }
    },
  ),
}
