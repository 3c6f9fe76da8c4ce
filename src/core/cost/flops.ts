/**
 * Floating-point operations of training and evaluation, by method. N parameters (of a mixture of experts the active ones), L layers,
 * H heads, Q head size, T context length, D tokens.
 *
 *   full training  6N per token, with attention 6N + 12LHQT   (PaLM, arXiv 2204.02311, appendix B)
 *   evaluation     2N per token scored or generated
 *
 * 6ND is an estimate: for Gopher it gives 12.5 % less than the paper prints.
 */

export const FLOP_METHODS = ['full', 'lora', 'dpo', 'dpo_cached', 'reward_model', 'evaluation'] as const
export type FlopMethod = (typeof FLOP_METHODS)[number]

export interface PerToken {
  /** What the method needs. */
  model: number
  /** What the hardware does: recomputed activations included. */
  hardware: number
}

/**
 * FLOPs per token. A token of DPO is one of the pair; `dpo_cached` leaves out the reference's one-off 2N. Adapters: forward 2N and
 * activation gradients 2N of the base, 6 per adapter parameter. Full recomputation repeats the forward pass over the trained model; it
 * does not change what the model needs.
 *
 * @throws RangeError for parameters out of their domain
 */
export function flopsPerToken(
  method: FlopMethod,
  params: number,
  { adapterParams = 0, recompute = false }: { adapterParams?: number; recompute?: boolean } = {},
): PerToken {
  const n = positive(params, 'N')
  const a = notNegative(adapterParams, 'N_adapter')
  const model = {
    full: 6 * n,
    lora: 4 * n + 6 * a,
    dpo: 8 * n,
    dpo_cached: 6 * n,
    reward_model: 6 * n,
    evaluation: 2 * n,
  }[method]
  return { model, hardware: recompute && method !== 'evaluation' ? model + 2 * n : model }
}

/** What attention adds per trained token: 12LHQT. */
export interface AttentionShape {
  layers: number
  heads: number
  headSize: number
  context: number
}

/** 12LHQT, the attention term per trained token. @throws RangeError when a size is not above 0 */
export const attentionFlops = ({ layers, heads, headSize, context }: AttentionShape): number =>
  12 * positive(layers, 'L') * positive(heads, 'H') * positive(headSize, 'Q') * positive(context, 'T')

/** The attention term as a share of 6N. Beyond 8k of context 6N alone is far too low. */
export const attentionShare = (params: number, shape: AttentionShape): number =>
  attentionFlops(shape) / (6 * positive(params, 'N'))

/** 6ND. @throws RangeError for a negative number */
export const sixNd = (params: number, tokens: number): number => 6 * positive(params, 'N') * notNegative(tokens, 'D')

/** The models of a PPO or GRPO step, by parameters; a critic, a reward or a reference model that is absent is 0. */
export interface PolicyModels {
  actor: number
  critic: number
  reference: number
  reward: number
}

/**
 * FLOPs of reinforcement learning from a policy's own samples, in its parts: generation 2N per token, then per token 2N for each model
 * that scores it (reference, reward, critic as value), then per epoch 6N actor + 6N critic. GRPO and verifiable rewards: no critic;
 * `generated` counts all completions of all prompts. A verifier's own cost is separate.
 *
 * @throws RangeError for a negative number
 */
export function policyFlops(
  { actor, critic, reference, reward }: PolicyModels,
  { generated, epochs }: { generated: number; epochs: number },
): { generation: number; scoring: number; training: number; total: number } {
  const tokens = notNegative(generated, 'generated')
  const [n, c] = [positive(actor, 'actor'), notNegative(critic, 'critic')]
  const generation = 2 * n * tokens
  const scoring = 2 * (notNegative(reference, 'reference') + notNegative(reward, 'reward') + c) * tokens
  const training = notNegative(epochs, 'epochs') * 6 * (n + c) * tokens
  return { generation, scoring, training, total: generation + scoring + training }
}

/**
 * Parameters that take part in a token of a mixture of experts: all that is shared, and of the experts those that are chosen.
 *
 * @throws RangeError when more experts are chosen than there are, or a number is negative
 */
export function activeParams(moe: { shared: number; perExpert: number; experts: number; chosen: number }): number {
  if (moe.chosen > moe.experts) throw new RangeError(`${moe.chosen} of ${moe.experts} experts cannot be chosen`)
  return notNegative(moe.shared, 'shared') + notNegative(moe.perExpert, 'perExpert') * notNegative(moe.chosen, 'chosen')
}

/** The number itself. @throws RangeError when it is not finite and above 0 */
export function positive(value: number, name: string): number {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} must be above 0, got ${value}`)
  return value
}

/** The number itself. @throws RangeError when it is not finite or below 0 */
export function notNegative(value: number, name: string): number {
  if (!(value >= 0 && Number.isFinite(value))) throw new RangeError(`${name} must be 0 or more, got ${value}`)
  return value
}
