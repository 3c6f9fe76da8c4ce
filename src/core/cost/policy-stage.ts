/** FLOPs of a stage that learns from its own samples (PPO, GRPO, verifiable rewards), as far as it tells its models and epochs. */
import type { StageKind } from '../experiments/stage-kinds.ts'
import { policyFlops } from './flops.ts'

type Config = Readonly<Record<string, unknown>>

/** Names under which trainers tell how often a batch of samples is trained on. */
const EPOCH_KEYS = ['ppo_epochs', 'num_ppo_epochs', 'update_epochs', 'num_iterations'] as const
const CRITIC_KEYS = ['critic_params', 'value_params'] as const
/** Weights of the distance to the reference: at 0 no reference scores anything. */
const DISTANCE_KEYS = ['beta', 'kl_coef', 'init_kl_coef'] as const

export interface PolicyStage {
  /** FLOPs per generated token. */
  perToken: number
  /** What it was reckoned from, in words. */
  words: string
}

/** True for a stage that samples from its own policy. */
export const isPolicyStage = (stage: { stageKind: StageKind; method: string | null }): boolean =>
  stage.stageKind === 'rl_verifiable' || /\b(ppo|grpo|rlhf|rlvr|rloo)\b/.test(stage.method?.toLowerCase() ?? '')

/**
 * FLOPs per generated token: 2N to generate, 2N of each model that scores it, and per epoch 6N of the actor and 6N of a critic
 * (`policyFlops`). Only PPO and RLHF have a critic, as large as the actor where nobody says.
 *
 * @param actor parameters of the policy
 * @param models parameters of the reference and the reward model that the lineage names; null: none
 * @throws RangeError for an actor, a reference or a reward model with parameters out of their domain; of the config such a number counts
 *   as not told
 */
export function policyStage(
  stage: { method: string | null },
  actor: number,
  config: Config,
  models: { reference: number | null; reward: number | null },
): PolicyStage {
  // Trainers write −1 for "not set": a number that cannot be meant says nothing.
  const number = (keys: readonly string[], isMeant: (value: number) => boolean) =>
    keys
      .map((key) => config[key])
      .find((value): value is number => typeof value === 'number' && Number.isFinite(value) && isMeant(value))
  const hasCritic = /\b(ppo|rlhf)\b/.test(stage.method?.toLowerCase() ?? '')
  const critic = hasCritic ? (number(CRITIC_KEYS, (value) => value >= 0) ?? actor) : 0
  const reference = number(DISTANCE_KEYS, (value) => value >= 0) === 0 ? 0 : (models.reference ?? 0)
  const told = number(EPOCH_KEYS, (value) => value > 0)
  const epochs = told ?? 1
  const { total } = policyFlops({ actor, critic, reference, reward: models.reward ?? 0 }, { generated: 1, epochs })
  const parts = [
    reference > 0 ? 'reference' : null,
    (models.reward ?? 0) > 0 ? 'reward model' : null,
    critic > 0 ? 'critic' : null,
  ].filter((part) => part !== null)
  return {
    perToken: total,
    words: `generated tokens, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}${told === undefined ? ' assumed' : ''}, ${parts.length === 0 ? 'no other model' : `with ${parts.join(', ')}`}`,
  }
}
