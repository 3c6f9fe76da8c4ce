/** What a stage's own words say of its model: which FLOP rule fits, how many parameters take part, and the sizes of its attention. */
import type { StageKind } from '../experiments/stage-kinds.ts'
import type { AttentionShape, FlopMethod } from './flops.ts'
import { isPolicyStage } from './policy-stage.ts'

/**
 * The rule for a stage's FLOPs per token: an adapter trains as `lora`, a preference stage as `dpo`, others as `full`. Null where it learns
 * from its own samples (`policy-stage.ts`), or nothing is trained (merge, prompt).
 */
export function flopMethodOf(stage: {
  stageKind: StageKind
  method: string | null
  adapter: { kind: string } | null
}): FlopMethod | null {
  const method = stage.method?.toLowerCase() ?? ''
  if (stage.stageKind === 'merge' || stage.stageKind === 'prompt_only' || stage.stageKind === 'external_base')
    return null
  if (method.includes('reward')) return 'reward_model'
  if (isPolicyStage(stage)) return null
  if (stage.stageKind === 'preference') return 'dpo'
  return stage.adapter ? 'lora' : 'full'
}

type Config = Readonly<Record<string, unknown>>

/** The first positive number under one of these names, at the top of a configuration or in its `model`. */
function numberIn(config: Config, names: readonly string[]): number | null {
  const inner = typeof config.model === 'object' && config.model !== null ? (config.model as Config) : {}
  for (const name of names)
    for (const value of [config[name], inner[name]])
      if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  return null
}

/** Parameters that take part in a token, of a mixture of experts; null when the configuration does not say. */
export const activeParamsOf = (config: Config): number | null =>
  numberIn(config, ['active_params', 'num_active_params', 'activated_params'])

/** All parameters of a model, as its configuration or its checkpoint tells them; null when neither does. */
export const paramsOf = (config: Config): number | null =>
  numberIn(config, ['params', 'num_params', 'n_params', 'num_parameters'])

/** Parameters that are trained, of an adapter; null when it is not told. */
export const trainableParamsOf = (config: Config): number | null =>
  numberIn(config, ['trainable_params', 'num_trainable_params'])

/** The sizes of attention under the names that trainers use; null when one is missing. */
export function attentionShapeOf(config: Config, context: number | null): AttentionShape | null {
  const layers = numberIn(config, ['num_hidden_layers', 'n_layers', 'n_layer', 'layers'])
  const heads = numberIn(config, ['num_attention_heads', 'n_heads', 'n_head', 'heads'])
  const width = numberIn(config, ['hidden_size', 'd_model', 'n_embd', 'dim', 'width'])
  const headSize =
    numberIn(config, ['head_dim', 'head_size']) ?? (width !== null && heads !== null ? width / heads : null)
  const length = context ?? numberIn(config, ['sequence_length', 'seq_len', 'block_size', 'context', 'max_seq_len'])
  return layers && heads && headSize && length ? { layers, heads, headSize, context: length } : null
}
