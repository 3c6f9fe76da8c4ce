/** Experiments (stages) and edges on the wire. */
import * as z from 'zod'
import { isCurrency } from '../core/cost/currencies.ts'
import { BENCHMARK_ROLES } from '../core/evaluations/benchmarks.ts'
import { MITIGATIONS } from '../core/experiments/mitigations.ts'
import { ROOT_KINDS, STAGE_GOALS, STAGE_KINDS } from '../core/experiments/stage-kinds.ts'
import { GATES } from '../core/forgetting/budget.ts'
import { EDGE_KINDS } from '../core/lineage/edge-kinds.ts'
import { Count, ExperimentName, Instant, Name, PageQuery, Slug, Uid } from './words.ts'

const Size = z.number().int().min(1).max(1_000_000)

export const Parallelism = z.object({
  dp: Size.optional(),
  tp: Size.optional(),
  pp: Size.optional(),
  micro_batch: Size.optional(),
  grad_accum: Size.optional(),
  global_batch: Count.optional(),
  sequence_length: Count.optional(),
})

export const Precision = z.object({
  weights: z.string().max(32).optional(),
  compute: z.string().max(32).optional(),
  grads: z.string().max(32).optional(),
  optimizer: z.string().max(32).optional(),
})

/** A currency of ISO 4217 that is in use. */
const CurrencyCode = z.string().refine(isCurrency, {
  error: ({ input }) => `must be a currency of ISO 4217 such as USD, got ${JSON.stringify(input)}`,
})

export const Plan = z.object({
  tokens: Count.optional(),
  steps: Count.optional(),
  device_kind: z.string().max(64).optional(),
  device_count: Size.optional(),
  hours: z.number().min(0).optional(),
  money: z.object({ amount: z.string().regex(/^\d+(\.\d+)?$/), currency: CurrencyCode }).optional(),
  note: z.string().max(2000).optional(),
})

export const Adapter = z.object({
  kind: z.string().max(64),
  rank: z.number().int().min(1).optional(),
  alpha: z.number().optional(),
  dropout: z.number().min(0).max(1).optional(),
  targets: z.array(z.string().max(200)).max(100).optional(),
  trainable_params: Count.optional(),
  merged: z.boolean().optional(),
})

/** A decimal that is not negative, as a string: money is never a float. */
const Amount = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal number that is not negative, such as "2.50"')

/** What a million tokens of a served model cost, as its provider said on a day. */
export const TokenPrice = z.object({
  input: Amount,
  output: Amount,
  currency: CurrencyCode,
  as_of: z.iso.date(),
  source: z.string().min(1).max(1000),
})

export const Root = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('random_init') }),
  z.object({
    kind: z.literal('external_base'),
    name: Name,
    revision: z.string().max(200).optional(),
    license: z.string().max(200).optional(),
    location: z.string().max(1000).optional(),
    embodied: z
      .object({
        device: z.string().max(100).optional(),
        device_hours: z.number().min(0).optional(),
        kwh: z.number().min(0).optional(),
        kg_co2e: z.number().min(0).optional(),
        tokens: Count.optional(),
        source: z.string().min(1).max(1000),
      })
      .optional()
      .meta({ description: 'what its card says that its training took; in no total of money' }),
  }),
  z.object({
    kind: z.literal('api_model'),
    name: Name,
    provider: z.string().max(200).optional(),
    price: TokenPrice.optional().meta({ description: 'for a million tokens, as its provider said on that day' }),
  }),
])

export const MixtureSource = z.object({
  source: Name,
  role: z.string().max(64).default('other'),
  native_unit: z.string().max(64).nullish(),
  native_count: Count.nullish(),
  tokens: Count.nullish(),
  share: z.number().min(0).max(1),
  dataset: z.string().max(130).nullish().meta({ description: 'slug@version' }),
})
export type MixtureSource = z.infer<typeof MixtureSource>

export const ParentInput = z.object({
  experiment: ExperimentName.optional(),
  /** Slug of another project of the workspace. */
  project: Slug.optional(),
  checkpoint: Uid.optional(),
  kind: z.enum(EDGE_KINDS).default('init'),
  weight: z.number().min(-10).max(10).nullish(),
  note: z.string().max(2000).optional(),
})
export type ParentInput = z.infer<typeof ParentInput>

export const BenchmarkRoleInput = z.object({
  benchmark: Slug,
  role: z.enum(BENCHMARK_ROLES).optional(),
  tolerance: z.number().min(0).optional(),
})

/** What a stage may lose on the mean of what it keeps, and when what starts from it must wait; null: the default. */
const POINTS_WORDS = 'The mean may fall by 0 to 100 points'
export const BudgetInput = z.object({
  points: z
    .number()
    .min(0, POINTS_WORDS)
    .max(100, POINTS_WORDS)
    .nullish()
    .meta({ description: 'normalised points that the mean may fall' }),
  gate: z.enum(GATES).nullish(),
  holds: z
    .boolean()
    .optional()
    .meta({ description: 'true: training that starts here waits for the gate, and so does a pin; false when absent' }),
})

/** What people say of a stage besides what it is. */
const StageTold = z.object({
  owner: z.string().trim().min(1).max(200).nullable().meta({ description: 'who answers for it' }),
  team: z.string().trim().min(1).max(200).nullable(),
  mitigations: z
    .array(z.enum(MITIGATIONS))
    .max(MITIGATIONS.length)
    .nullable()
    .meta({ description: 'what was done against forgetting; null: what mixture, method and config say' }),
  chat_template: z
    .string()
    .min(1)
    .max(20_000)
    .nullable()
    .meta({ description: 'with which it was tuned to talk; null: that of the stages it comes from' }),
})

export const ExperimentInput = z
  .object({
    name: Name.optional(),
    /** A stage kind or one of its aliases (sft, dpo, cpt, …). */
    stage: z.string().min(1).max(64),
    method: z.string().max(100).nullish(),
    goal: z.enum(STAGE_GOALS).nullish(),
    purpose: z.string().max(4000).optional(),
    objective: z.string().max(200).nullish(),
    loss_mask: z.enum(['all', 'response']).nullish(),
    parallelism: Parallelism.nullish(),
    precision: Precision.nullish(),
    plan: Plan.nullish(),
    adapter: Adapter.nullish(),
    params: Count.min(1).nullish(),
    root: Root.nullish(),
    parents: z.array(ParentInput).max(64).default([]),
    mixture: z.array(MixtureSource).max(500).default([]),
    benchmarks: z.array(BenchmarkRoleInput).max(200).default([]),
    budget: BudgetInput.optional(),
    ...StageTold.partial().shape,
  })
  .meta({ id: 'ExperimentInput' })
export type ExperimentInput = z.infer<typeof ExperimentInput>

/** What changes; the rest stays. A changed slug goes on leading to the experiment. */
export const ExperimentChange = z
  .object({ slug: Slug.optional(), name: Name.optional(), ...StageTold.partial().shape })
  .meta({ id: 'ExperimentChange' })
export type ExperimentChange = z.infer<typeof ExperimentChange>

/** A list of experiments: all, or those of a goal or a stage kind. */
export const ExperimentsQuery = PageQuery.extend({
  goal: z.enum(STAGE_GOALS).optional(),
  stage_kind: z.enum(STAGE_KINDS).optional(),
})

export const EXPERIMENT_STATES = ['planned', 'waiting', 'running', 'finished', 'failed'] as const
export type ExperimentState = (typeof EXPERIMENT_STATES)[number]

/** A neighbour in the lineage, as a link needs it. */
export const ExperimentRef = z
  .object({
    project: Slug,
    number: z.number().int(),
    slug: z.string(),
    name: z.string(),
    stage_kind: z.enum(STAGE_KINDS),
  })
  .meta({ id: 'ExperimentRef' })
export type ExperimentRef = z.infer<typeof ExperimentRef>

export const EdgeInput = z
  .object({
    child: ExperimentName,
    parent: ExperimentName,
    parent_project: Slug.optional(),
    kind: z.enum(EDGE_KINDS),
    checkpoint: Uid.optional(),
    weight: z.number().min(-10).max(10).nullish(),
    note: z.string().max(2000).optional(),
  })
  .meta({ id: 'EdgeInput' })
export type EdgeInput = z.infer<typeof EdgeInput>

/** What changes of an edge; the rest stays. A checkpoint names its experiment; null: the start is only planned. */
export const EdgeChange = z
  .object({
    kind: z.enum(EDGE_KINDS).optional(),
    parent: ExperimentName.optional(),
    parent_project: Slug.optional(),
    checkpoint: Uid.nullish(),
    weight: z.number().min(-10).max(10).nullish(),
    note: z.string().max(2000).optional(),
  })
  .meta({ id: 'EdgeChange' })
export type EdgeChange = z.infer<typeof EdgeChange>

export const Edge = z
  .object({
    id: z.number().int(),
    kind: z.enum(EDGE_KINDS),
    child: ExperimentRef,
    parent: ExperimentRef,
    checkpoint: z.object({ id: Uid, step: Count }).nullable(),
    weight: z.number().nullable(),
    note: z.string(),
    inferred: z.boolean(),
  })
  .meta({ id: 'Edge' })
export type Edge = z.infer<typeof Edge>

export const Experiment = z
  .object({
    project: Slug,
    number: z.number().int(),
    slug: z.string(),
    name: z.string(),
    stage_kind: z.enum(STAGE_KINDS),
    is_unstaged: z.boolean(),
    state: z.enum(EXPERIMENT_STATES),
    method: z.string().nullable(),
    goal: z.enum(STAGE_GOALS).nullable(),
    purpose: z.string(),
    objective: z.string().nullable(),
    loss_mask: z.enum(['all', 'response']).nullable(),
    parallelism: Parallelism.nullable(),
    precision: Precision.nullable(),
    plan: Plan.nullable(),
    adapter: Adapter.nullable(),
    params: Count.nullable(),
    root_kind: z.enum(ROOT_KINDS).nullable(),
    root: Root.nullable(),
    mixture: z.array(MixtureSource),
    owner: z.string().nullable(),
    team: z.string().nullable(),
    chat_template: z.string().nullable(),
    /** What was done against forgetting, with what says so. It is no sign that it helped. */
    mitigations: z.object({
      by: z.enum(['people', 'records']),
      tags: z.array(z.object({ tag: z.enum(MITIGATIONS), why: z.string() })),
    }),
    reversible: z
      .boolean()
      .meta({ description: 'it trained an adapter that was not merged: the weights of its base are untouched' }),
    /** What one step of the optimizer sees, derived from parallelism and plan; null where it cannot be told. */
    samples_per_step: Count.nullable().optional(),
    tokens_per_step: Count.nullable().optional(),
    /** What benchmarks mean to the stage and what it may lose of each, as they are put; not inside a stage page. */
    benchmarks: z.array(BenchmarkRoleInput).optional(),
    created_at: Instant,
    url: z.string(),
  })
  .meta({ id: 'Experiment' })
export type Experiment = z.infer<typeof Experiment>
