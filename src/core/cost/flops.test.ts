import { describe, expect, test } from 'vitest'
import { activeParams, flopsPerToken, policyFlops, sixNd } from './flops.ts'
import { activeParamsOf, attentionShapeOf, flopMethodOf } from './model-shape.ts'
import { alertOf, mfu } from './utilisation.ts'

describe('FLOPs', () => {
  test('per token of each method, as multiples of the parameters', () =>
    expect(
      (['full', 'lora', 'dpo', 'dpo_cached', 'reward_model', 'evaluation'] as const).map((method) => [
        flopsPerToken(method, 1).model,
        flopsPerToken(method, 1, { recompute: true }).hardware,
      ]),
    ).toEqual([
      [6, 8],
      [4, 6],
      [8, 10],
      [6, 8],
      [6, 8],
      [2, 2],
    ]))
  test('of Gopher are 12.5 % below what its paper prints', () =>
    expect(1 - sixNd(280e9, 300e9) / 5.76e23).toBeCloseTo(0.125, 3))
  test('of PPO: generation, scoring by three models, and the epochs of actor and critic', () =>
    expect(policyFlops({ actor: 8, critic: 8, reference: 8, reward: 8 }, { generated: 10, epochs: 2 })).toEqual({
      generation: 160,
      scoring: 480,
      training: 1920,
      total: 2560,
    }))
  test('of GRPO have no critic', () =>
    expect(policyFlops({ actor: 8, critic: 0, reference: 8, reward: 0 }, { generated: 10, epochs: 1 }).total).toBe(800))
  test('of a mixture of experts count the active parameters', () => {
    expect(activeParams({ shared: 2e9, perExpert: 1e9, experts: 64, chosen: 8 })).toBe(10e9)
    expect(() => activeParams({ shared: 1, perExpert: 1, experts: 2, chosen: 3 })).toThrow('3 of 2 experts')
  })
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('of %d parameters are refused', (n) =>
    expect(() => flopsPerToken('full', n)).toThrow('N must be above 0'),
  )
})

describe('the rule for a stage', () => {
  const stage = (stageKind: Parameters<typeof flopMethodOf>[0]['stageKind'], method: string | null, adapter = false) =>
    flopMethodOf({ stageKind, method, adapter: adapter ? { kind: 'lora' } : null })
  test.each([
    ['pretrain', null, false, 'full'],
    ['instruction', 'sft', true, 'lora'],
    ['preference', 'dpo', false, 'dpo'],
    ['preference', 'reward modelling', false, 'reward_model'],
    ['preference', 'ppo', false, null],
    ['rl_verifiable', 'grpo', false, null],
    ['merge', null, false, null],
    ['prompt_only', null, false, null],
  ] as const)('%s, %s, adapter %s: %s', (kind, method, adapter, rule) =>
    expect(stage(kind, method, adapter)).toBe(rule),
  )
})

test('sizes are read under the names that trainers use, at the top or in `model`', () => {
  const config = { model: { num_hidden_layers: 32, num_attention_heads: 32, hidden_size: 4096 }, active_params: 13e9 }
  expect(attentionShapeOf(config, 4096)).toEqual({ layers: 32, heads: 32, headSize: 128, context: 4096 })
  expect(attentionShapeOf({ n_layer: 12 }, 1024)).toBeNull()
  expect(activeParamsOf(config)).toBe(13e9)
})

describe('utilisation', () => {
  test.each([
    [80, 'too_high'],
    [75, null],
    [5, null],
    [4.99, 'too_low'],
  ])('of %d %% warns of %s', (pct, alert) => expect(alertOf(pct)).toBe(alert))
  test('is judged with the attention term where there is one', () => {
    const job = { tokensPerS: 1, chips: 1, peakTflops: 1e-10 }
    expect(mfu(12, job).alert).toBeNull()
    expect(mfu(12, job, { layers: 1, heads: 1, headSize: 1, context: 1 }).alert).toBe('too_high')
  })
})
