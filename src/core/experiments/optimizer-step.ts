import type { Parallelism, Plan } from './fields.ts'

/** What one step of the optimizer sees; null where it cannot be told. */
export interface OptimizerStep {
  /** Samples: the global batch, else micro batch × accumulated batches × data-parallel copies (1 each where not said). */
  samples: number | null
  /** Samples × sequence length, else the planned tokens over the planned steps, rounded. */
  tokens: number | null
}

/** What gradient accumulation and parallelism make of a step. Counts that do not fit below 2^53 are not told. */
export function optimizerStep(parallelism: Parallelism | null, plan: Plan | null): OptimizerStep {
  const { micro_batch, grad_accum = 1, dp = 1, global_batch, sequence_length } = parallelism ?? {}
  const samples = global_batch ?? (micro_batch === undefined ? null : safe(micro_batch * grad_accum * dp))
  const planned = plan?.tokens !== undefined && plan.steps ? safe(Math.round(plan.tokens / plan.steps)) : null
  const tokens = samples !== null && sequence_length !== undefined ? safe(samples * sequence_length) : planned
  return { samples, tokens }
}

const safe = (count: number): number | null => (Number.isSafeInteger(count) ? count : null)
