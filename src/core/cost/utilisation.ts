/**
 * Model and hardware FLOPs utilisation: MFU = tokens/s · FLOPs per token ÷ (chips · dense peak of the precision that is used).
 * Source: PaLM, arXiv 2204.02311, appendix B. HFU counts recomputed FLOPs too.
 */
import { type AttentionShape, attentionFlops, positive } from './flops.ts'

export type UtilisationAlert = 'too_high' | 'too_low'

const TOO_HIGH_PCT = 75
const TOO_LOW_PCT = 5

export interface Utilisation {
  /** 6N form, percent. */
  withoutAttentionPct: number
  /** Null without the sizes of attention. */
  withAttentionPct: number | null
  /** Above 75: wrong peak, token count or a sparsity peak. Below 5: hardly used. By the attention form where there is one. */
  alert: UtilisationAlert | null
}

/**
 * MFU of full training.
 *
 * @param job tokens per second of the whole job, its chips, and the dense peak per chip in TFLOPS
 * @throws RangeError when a number is not above 0
 */
export function mfu(
  params: number,
  job: { tokensPerS: number; chips: number; peakTflops: number },
  attention: AttentionShape | null = null,
): Utilisation {
  const peak = positive(job.chips, 'chips') * positive(job.peakTflops, 'peak_tflops') * 1e12
  const pct = (flops: number) => (100 * positive(job.tokensPerS, 'tokens_per_s') * flops) / peak
  const dense = 6 * positive(params, 'N')
  const withoutAttentionPct = pct(dense)
  const withAttentionPct = attention ? pct(dense + attentionFlops(attention)) : null
  return { withoutAttentionPct, withAttentionPct, alert: alertOf(withAttentionPct ?? withoutAttentionPct) }
}

/** What a utilisation in percent warns of; null when it is usual. */
export const alertOf = (pct: number): UtilisationAlert | null =>
  pct > TOO_HIGH_PCT ? 'too_high' : pct < TOO_LOW_PCT ? 'too_low' : null
