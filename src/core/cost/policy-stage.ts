/** FLOPs of a stage that learns from its own samples (PPO, GRPO, verifiable rewards), as far as it tells its models and epochs. */
import type { StageKind } from '../experiments/stage-kinds.ts'
import type { EdgeKind } from '../lineage/edge-kinds.ts'
import { policyFlops } from './flops.ts'

type Config = Readonly<Record<string, unknown>>

/**
 * Names under which trainers tell how often a batch of samples is trained on. `num_iterations` is none of them: it means that in one
 * trainer and all steps in others, which is a thousandfold.
 */
const EPOCH_KEYS = ['ppo_epochs', 'num_ppo_epochs', 'update_epochs'] as const
const CRITIC_KEYS = ['critic_params', 'value_params'] as const
/** Weights of the distance to the reference: at 0 no reference scores anything. */
const DISTANCE_KEYS = ['beta', 'kl_coef', 'init_kl_coef'] as const

export interface PolicyStage {
  /** FLOPs per generated token. */
  perToken: number
  /** What it was reckoned from, in words. */
  words: string
}

/** A model that scores samples. `params` null: it does not tell its size. */
export interface ScoringModel {
  params: number | null
}

/** What scores the samples of a stage, as its lineage names it; null: none. */
export interface ScoringModels {
  reference: ScoringModel | null
  reward: ScoringModel | null
}

/** True for a stage that samples from its own policy. */
export const isPolicyStage = (stage: { stageKind: StageKind; method: string | null }): boolean =>
  stage.stageKind === 'rl_verifiable' || /\b(ppo|grpo|rlhf|rlvr|rloo)\b/.test(stage.method?.toLowerCase() ?? '')

/** Whether an edge names a model that scores samples. */
export const isScoringEdge = (kind: EdgeKind): boolean => kind === 'reference' || kind === 'reward_model'

/** The models that edges of a stage name, with the sizes of their stages. */
export function scoringModels(
  edges: readonly { child: number; parent: number; kind: EdgeKind }[],
  stage: number,
  paramsOfStage: (id: number) => number | null,
): ScoringModels {
  const model = (kind: EdgeKind): ScoringModel | null => {
    const edge = edges.find((one) => one.child === stage && one.kind === kind)
    return edge ? { params: paramsOfStage(edge.parent) } : null
  }
  return { reference: model('reference'), reward: model('reward_model') }
}

/**
 * FLOPs per generated token: 2N to generate, 2N of each model that scores it, and per epoch 6N of the actor and 6N of a critic
 * (`policyFlops`). Only PPO and RLHF have a critic. A model that does not tell its size is taken to be as large as the actor, and said
 * to be.
 *
 * @param actor parameters of the policy
 * @throws RangeError for an actor, a reference or a reward model with parameters out of their domain; of the config such a number counts
 *   as not told
 */
export function policyStage(
  stage: { method: string | null },
  actor: number,
  config: Config,
  models: ScoringModels,
): PolicyStage {
  // Trainers write −1 for "not set": a number that cannot be meant says nothing.
  const number = (keys: readonly string[], isMeant: (value: number) => boolean) =>
    keys
      .map((key) => config[key])
      .find((value): value is number => typeof value === 'number' && Number.isFinite(value) && isMeant(value))
  const hasCritic = /\b(ppo|rlhf)\b/.test(stage.method?.toLowerCase() ?? '')
  const isFar = number(DISTANCE_KEYS, (value) => value >= 0) !== 0
  const scored = [
    { name: 'reference', model: isFar ? models.reference : null },
    { name: 'reward model', model: models.reward },
    { name: 'critic', model: hasCritic ? { params: number(CRITIC_KEYS, (value) => value >= 0) ?? null } : null },
  ]
  const [reference = 0, reward = 0, critic = 0] = scored.map(({ model }) => (model ? (model.params ?? actor) : 0))
  const told = number(EPOCH_KEYS, (value) => value > 0)
  const epochs = told ?? 1
  const { total } = policyFlops({ actor, critic, reference, reward }, { generated: 1, epochs })
  const parts = scored.flatMap(({ name, model }) =>
    !model || model.params === 0 ? [] : [model.params === null ? `${name} (size of the actor assumed)` : name],
  )
  return {
    perToken: total,
    words: `generated tokens, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}${told === undefined ? ' assumed' : ''}, ${parts.length === 0 ? 'no other model' : `with ${parts.join(', ')}`}`,
  }
}
