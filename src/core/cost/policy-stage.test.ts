import { describe, expect, test } from 'vitest'
import { isPolicyStage, policyStage } from './policy-stage.ts'

const N = 1e9
const none = { reference: null, reward: null }

describe('a stage that learns from its own samples', () => {
  test('with GRPO takes 2N to generate, 2N of the reference and 6N an epoch', () =>
    expect(policyStage({ method: 'GRPO' }, N, { num_iterations: 2 }, { reference: N, reward: null })).toEqual({
      perToken: (2 + 2 + 12) * N,
      words: 'generated tokens, 2 epochs, with reference',
    }))
  test('with PPO has a critic, which scores and is trained, and a reward model', () =>
    expect(policyStage({ method: 'ppo' }, N, { ppo_epochs: 4 }, { reference: N, reward: N / 2 })).toEqual({
      perToken: 2 * N + 2 * (N + N / 2 + N) + 4 * 6 * 2 * N,
      words: 'generated tokens, 4 epochs, with reference, reward model, critic',
    }))
  test('without a distance to keep no reference scores; an untold number of epochs is said to be assumed', () =>
    expect(policyStage({ method: 'rlvr' }, N, { beta: 0 }, { reference: N, reward: null })).toEqual({
      perToken: 8 * N,
      words: 'generated tokens, 1 epoch assumed, no other model',
    }))
  test('a critic of another size is counted as it is told', () =>
    expect(policyStage({ method: 'ppo' }, N, { critic_params: N / 4, ppo_epochs: 1 }, none).perToken).toBe(
      2 * N + 2 * (N / 4) + 6 * 1.25 * N,
    ))
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
