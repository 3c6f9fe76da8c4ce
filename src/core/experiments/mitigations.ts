/**
 * What was done against forgetting at a stage: read from its mixture, its method, its edges and the config of its run, unless people
 * said it themselves. A tag says that something was done, never that it helped: retention is measured beside it.
 */
import type { EdgeKind } from '../lineage/edge-kinds.ts'
import type { Adapter } from './fields.ts'
import { isAdapterMethod } from './reversible.ts'
import type { StageKind } from './stage-kinds.ts'

export const MITIGATIONS = [
  'replay',
  'adapter',
  'l2',
  'ewc',
  'distillation',
  'kl',
  'weight_decay',
  'freezing',
  'early_stopping',
  'merge',
  'on_policy',
] as const
export type Mitigation = (typeof MITIGATIONS)[number]

/** As people read them. */
export const MITIGATION_WORDS: Readonly<Record<Mitigation, string>> = {
  replay: 'replay',
  adapter: 'adapter only',
  l2: 'L2 to the start',
  ewc: 'EWC',
  distillation: 'distillation',
  kl: 'KL to a reference',
  weight_decay: 'weight decay',
  freezing: 'frozen layers',
  early_stopping: 'early stopping',
  merge: 'merge',
  on_policy: 'on-policy data',
}

/** What is known of a stage. */
export interface MitigationFacts {
  stageKind: StageKind
  method: string | null
  adapter: Adapter | null
  mixture: readonly { role: string; share: number }[]
  /** Kinds of the edges that lead to it. */
  edges: readonly EdgeKind[]
  /** Of the run that speaks for it; null: nothing ran. */
  config: Readonly<Record<string, unknown>> | null
}

export interface FoundMitigation {
  tag: Mitigation
  /** What says so: "25 % replay in the mixture", "weight_decay 0.1". */
  why: string
}

const ON_POLICY_METHODS = ['ppo', 'rlhf', 'grpo', 'rloo', 'rlvr', 'online dpo']

/** Settings under the names that programs give them; a number above 0 or a true word says that it was done. */
const SETTINGS: readonly (readonly [tag: Mitigation, names: readonly string[]])[] = [
  ['ewc', ['ewc', 'ewc_lambda', 'ewc_weight']],
  ['l2', ['l2_sp', 'l2sp', 'l2_to_start', 'l2_init', 'l2_lambda', 'l2_weight']],
  [
    'distillation',
    ['distill', 'distillation', 'distillation_weight', 'distill_weight', 'lwf', 'lwf_lambda', 'kd_weight'],
  ],
  ['kl', ['kl', 'kl_coef', 'kl_coeff', 'kl_weight', 'kl_penalty']],
  ['weight_decay', ['weight_decay', 'wd']],
  ['freezing', ['freeze', 'freeze_layers', 'frozen_layers', 'freeze_embeddings']],
  ['early_stopping', ['early_stopping', 'early_stopping_patience', 'early_stop', 'patience']],
  ['replay', ['replay', 'replay_share', 'replay_ratio', 'replay_fraction']],
]

/** What was done against forgetting as far as the records say, each once and in the order of `MITIGATIONS`. */
export function foundMitigations(of: MitigationFacts): FoundMitigation[] {
  const found = new Map<Mitigation, string>()
  const note = (tag: Mitigation, why: string) => found.has(tag) || found.set(tag, why)
  const share = of.mixture.reduce((sum, source) => sum + (source.role === 'replay' ? source.share : 0), 0)
  if (share > 0) note('replay', `${Number((share * 100).toFixed(1))} % replay in the mixture`)
  const method = (of.method ?? '').toLowerCase().replace(/[-_\s]+/g, ' ')
  if (of.adapter !== null || of.edges.includes('adapter_on') || isAdapterMethod(of.method) || method === 'bitfit')
    note('adapter', of.adapter ? `${of.adapter.kind} is trained, the base is frozen` : 'the base is frozen')
  if (of.edges.includes('teacher') || /distill/.test(method)) note('distillation', 'it has a teacher')
  if (of.edges.includes('reference')) note('kl', 'it has a reference policy')
  if (of.stageKind === 'merge') note('merge', 'weights were merged')
  if (ON_POLICY_METHODS.includes(method)) note('on_policy', `${of.method} trains on its own answers`)
  for (const [tag, name, value] of settingsOf(of.config)) note(tag, `${name} ${value}`)
  return MITIGATIONS.flatMap((tag) => {
    const why = found.get(tag)
    return why === undefined ? [] : [{ tag, why }]
  })
}

export interface ToldMitigations {
  /** Whether people said so, or the records. */
  by: 'people' | 'records'
  tags: readonly FoundMitigation[]
}

/** The tags of a stage: what people said, with what the records say of each; else what the records say. */
export function mitigationsOf(told: readonly Mitigation[] | null, of: MitigationFacts): ToldMitigations {
  const found = foundMitigations(of)
  if (told === null) return { by: 'records', tags: found }
  const whys = new Map(found.map(({ tag, why }) => [tag, why]))
  return {
    by: 'people',
    tags: MITIGATIONS.filter((tag) => told.includes(tag)).map((tag) => ({
      tag,
      why: whys.get(tag) ?? 'as people said',
    })),
  }
}

export interface MitigationGroup<T> {
  /** Null: stages of which nothing says that anything was done. */
  tag: Mitigation | null
  stages: readonly T[]
}

/** Stages by tag, in the order of `MITIGATIONS`; one with several tags stands under each, those with none come last. */
export function groupByMitigation<T extends { tags: readonly { tag: Mitigation }[] }>(
  stages: readonly T[],
): MitigationGroup<T>[] {
  const groups: MitigationGroup<T>[] = [
    ...MITIGATIONS.map((tag) => ({ tag, stages: stages.filter(({ tags }) => tags.some((one) => one.tag === tag)) })),
    { tag: null, stages: stages.filter(({ tags }) => tags.length === 0) },
  ]
  return groups.filter((group) => group.stages.length > 0)
}

function* settingsOf(
  config: Readonly<Record<string, unknown>> | null,
): Generator<[tag: Mitigation, name: string, value: string]> {
  for (const [name, value] of members(config ?? {})) {
    const last = name.split('.').at(-1)?.toLowerCase().replaceAll('-', '_') ?? ''
    const tag = SETTINGS.find(([, names]) => names.includes(last))?.[0]
    if (tag !== undefined && isDone(value)) yield [tag, name, String(value)]
  }
}

function* members(config: Readonly<Record<string, unknown>>, above = ''): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(config)) {
    const full = above === '' ? name : `${above}.${name}`
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      yield* members(value as Record<string, unknown>, full)
    else yield [full, value]
  }
}

const isDone = (value: unknown): boolean => {
  if (typeof value === 'number') return value > 0
  if (Array.isArray(value)) return value.length > 0
  return value === true || (typeof value === 'string' && value !== '' && !/^(0(\.0*)?|none|no|off|false)$/i.test(value))
}
