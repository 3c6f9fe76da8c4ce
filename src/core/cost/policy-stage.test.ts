import { describe, expect, test } from 'vitest'
import { isPolicyStage, policyStage, scoringModels } from './policy-stage.ts'

const N = 1e9
const none = { reference: null, reward: null }
const sized = (params: number | null) => ({ params })

describe('a stage that learns from its own samples', () => {
  test('with GRPO takes 2N to generate, 2N of the reference and 6N an epoch', () =>
    expect(policyStage({ method: 'GRPO' }, N, { update_epochs: 2 }, { reference: sized(N), reward: null })).toEqual({
      perToken: (2 + 2 + 12) * N,
      words: 'generated tokens, 2 epochs, with reference',
    }))
  test('with PPO has a critic, which scores and is trained, and a reward model', () =>
    expect(policyStage({ method: 'ppo' }, N, { ppo_epochs: 4 }, { reference: sized(N), reward: sized(N / 2) })).toEqual(
      {
        perToken: 2 * N + 2 * (N + N / 2 + N) + 4 * 6 * 2 * N,
        words: 'generated tokens, 4 epochs, with reference, reward model, critic (size of the actor assumed)',
      },
    ))
  test('without a distance to keep no reference scores; an untold number of epochs is said to be assumed', () =>
    expect(policyStage({ method: 'rlvr' }, N, { beta: 0 }, { reference: sized(N), reward: null })).toEqual({
      perToken: 8 * N,
      words: 'generated tokens, 1 epoch assumed, no other model',
    }))
  test('a critic of another size is counted as it is told', () =>
    expect(policyStage({ method: 'ppo' }, N, { critic_params: N / 4, ppo_epochs: 1 }, none).perToken).toBe(
      2 * N + 2 * (N / 4) + 6 * 1.25 * N,
    ))
  test('takes num_iterations for no epochs, since in many trainers it is the number of steps', () =>
    expect(policyStage({ method: 'grpo' }, N, { num_iterations: 1000 }, none)).toEqual({
      perToken: 8 * N,
      words: 'generated tokens, 1 epoch assumed, no other model',
    }))
  test('says of a model without a size that the size of the actor is assumed', () => {
    const models = { reference: sized(null), reward: sized(N / 2) }
    expect(policyStage({ method: 'grpo' }, N, { update_epochs: 1 }, models)).toEqual({
      perToken: (2 + 2 + 1 + 6) * N,
      words: 'generated tokens, 1 epoch, with reference (size of the actor assumed), reward model',
    })
  })
  test('finds its models by the edges of its lineage', () => {
    const edges = [
      { child: 3, parent: 1, kind: 'init' },
      { child: 3, parent: 1, kind: 'reference' },
      { child: 4, parent: 2, kind: 'reward_model' },
    ] as const
    const sizes = new Map([[1, N]])
    expect(scoringModels(edges, 3, (id) => sizes.get(id) ?? null)).toEqual({ reference: sized(N), reward: null })
    expect(scoringModels(edges, 4, (id) => sizes.get(id) ?? null)).toEqual({ reference: null, reward: sized(null) })
  })
  test('takes a number that cannot be meant, such as −1 epochs or a critic of −1, as not told', () =>
    expect(policyStage({ method: 'ppo' }, N, { critic_params: -1, ppo_epochs: -1, kl_coef: -1 }, none)).toEqual(
      policyStage({ method: 'ppo' }, N, {}, none),
    ))
  test.each([
    [{ stageKind: 'rl_verifiable', method: null }, true],
    [{ stageKind: 'preference', method: 'PPO with a reward model' }, true],
    [{ stageKind: 'preference', method: 'dpo' }, false],
  ] as const)('%o: %s', (stage, is) => expect(isPolicyStage(stage)).toBe(is))
})
