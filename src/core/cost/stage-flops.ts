import type { StageKind } from '../experiments/stage-kinds.ts'
import { attentionFlops, type FlopMethod, flopsPerToken } from './flops.ts'
import { activeParamsOf, attentionShapeOf, flopMethodOf, paramsOf, trainableParamsOf } from './model-shape.ts'
import { isPolicyStage, policyStage, type ScoringModels } from './policy-stage.ts'

/** What a stage says of itself, as its FLOPs need it. */
export interface CountedStage {
  stageKind: StageKind
  method: string | null
  adapter: { kind: string; trainable_params?: number | null | undefined } | null
  params: number | null
  parallelism: { sequence_length?: number | null | undefined } | null
}

type Told = Readonly<Record<string, unknown>>

export type StageFlops =
  | {
      /** `policy`: of its own samples; its tokens are those that it generated. */
      rule: FlopMethod | 'policy'
      /** The rule in words, with what it assumes. */
      words: string
      /** N: of a mixture of experts the active parameters. */
      params: number
      /** FLOPs per token by the rule, 6N for full training. */
      perToken: number
      /** With 12LHQT where the rule is full training; null where the sizes of attention are not told. Other rules have no such term. */
      withAttention: number | null
    }
  /** In words that end a sentence: why the stage has no number. */
  | { reason: string }

/**
 * FLOPs per token of a stage by the rule that fits it (`flops.ts`), or why there are none.
 *
 * @param told what its checkpoint says of itself
 * @param config of the run that wrote it
 * @param models what scores its samples, where it learns from them
 */
export function stageFlops(stage: CountedStage, told: Told, config: Told, models: ScoringModels): StageFlops {
  const params = activeParamsOf(config) ?? stage.params ?? paramsOf(told) ?? paramsOf(config)
  if (isPolicyStage(stage)) {
    if (!params) return { reason: 'the number of parameters is not told' }
    const { perToken, words } = policyStage(stage, params, config, models)
    return { rule: 'policy', words, params, perToken, withAttention: perToken }
  }
  const rule = flopMethodOf(stage)
  if (!rule) return { reason: `no rule for ${stage.method ?? stage.stageKind}: it trains nothing` }
  if (!params) return { reason: 'the number of parameters is not told' }
  const adapterParams = stage.adapter?.trainable_params ?? trainableParamsOf(told) ?? 0
  const perToken = flopsPerToken(rule, params, { adapterParams }).model
  const shape = attentionShapeOf(config, stage.parallelism?.sequence_length ?? null)
  return {
    rule,
    words: rule === 'full' && shape ? 'full, with attention' : rule,
    params,
    perToken,
    withAttention: rule !== 'full' ? perToken : shape ? perToken + attentionFlops(shape) : null,
  }
}
