/** Evaluations on the wire: one benchmark under one protocol on one checkpoint, with items. */
import * as z from 'zod'
import { BENCHMARK_KINDS, BENCHMARK_ROLES, BENCHMARK_USES } from '../core/evaluations/benchmarks.ts'
import { FACETS } from '../core/evaluations/facets.ts'
import { GAIN_LABELS } from '../core/evaluations/gain-label.ts'
import { PARTS } from '../core/evaluations/paired-parts.ts'
import { ExperimentRef } from './experiments.ts'
import { Count, Instant, Name, Slug, Uid } from './words.ts'

export const BenchmarkInput = z.object({
  slug: Slug,
  name: Name.optional(),
  category: z.string().min(1).max(64).meta({ description: 'the group of abilities that it measures' }),
  use: z.enum(BENCHMARK_USES).nullish().meta({ description: 'steers development, or was kept unseen' }),
  kind: z.enum(BENCHMARK_KINDS),
  higher_is_better: z.boolean(),
  chance: z.number().nullish(),
  best: z.number().nullish(),
  unit: z.string().max(32).nullish(),
  margin: z.number().positive().nullish().meta({ description: 'the smallest change that matters, in its own scale' }),
  twin: Slug.nullish().meta({ description: 'the benchmark that shows its over-refusal' }),
  gain: z
    .enum(GAIN_LABELS)
    .nullish()
    .meta({ description: 'what a gain on it shows; by default what its category says' }),
  valid_until: z.iso.date().nullish().meta({ description: 'the last day on which its answers hold' }),
  domain: z.string().trim().min(1).max(64).nullish().meta({
    description: 'the domain of which it measures a facet, or all four by the label "facet" of its items',
  }),
  facet: z.enum(FACETS).nullish(),
  part: z.enum(PARTS).nullish().meta({ description: 'what it measures of a task; `pair` measures the other side' }),
  pair: Slug.nullish(),
  description: z.string().max(4000).optional(),
  role: z.enum(BENCHMARK_ROLES).nullish(),
})
export type BenchmarkInput = z.infer<typeof BenchmarkInput>

const text = z.string().max(20_000).optional()
export const ProtocolInput = z
  .object({
    task: z.string().min(1).max(200),
    task_version: text,
    dataset: text,
    dataset_revision: text,
    split: text,
    shots: z.number().int().min(0).optional(),
    prompt_template: text,
    chat_template: text,
    apply_chat_template: z.boolean().optional(),
    extraction: text,
    metric: text,
    normalizer: text,
    decoding: text,
    max_length: Count.optional(),
    harness: text,
    harness_version: text,
    judge: text,
    judge_prompt: text,
    tokenizer: text,
    dtype: text,
    quantization: text,
    engine: text,
    batch_size: Count.optional(),
  })
  .meta({ id: 'ProtocolInput' })
export type ProtocolInput = z.infer<typeof ProtocolInput>

const NGrams = z.array(Count).length(4)

/** One item, with a score or what the metric sums. Which members it needs is checked by the verb, with the item's index. */
export const ItemInput = z.object({
  id: z.string().min(1).max(256),
  hash: z.string().max(128).optional(),
  trial: Count.optional(),
  cluster: z.string().max(256).optional(),
  tags: z.record(z.string().max(64), z.string().max(256)).optional(),
  score: z.number().optional(),
  nats: z.number().optional(),
  bytes: z.number().min(0).optional(),
  tokens: z.number().min(0).optional(),
  pred: z.string().max(20_000).optional(),
  gold: z.string().max(20_000).optional(),
  hyp_len: Count.optional(),
  ref_len: Count.optional(),
  match: NGrams.optional(),
  total: NGrams.optional(),
  prompt: z.string().max(100_000).optional(),
  output: z.string().max(100_000).optional(),
  expected: z.string().max(100_000).optional(),
  verdict: z.string().max(200).optional(),
})

/** The record of a file that an evaluation was read from. */
export const ImportedFrom = z.object({
  kind: z.string().min(1).max(64),
  file: z.string().min(1).max(1000),
  sha256: z.string().min(1).max(128),
  record: z.string().min(1).max(500),
})

export const ITEMS_PER_PART_MAX = 10_000
/** With full parts: a million items. */
export const PARTS_MAX = 100

export const EvaluationInput = z
  .object({
    benchmark: z.union([Slug, BenchmarkInput]),
    metric: z.string().min(1).max(64),
    protocol: ProtocolInput,
    seed: z.union([z.string().max(64), z.number().int()]).nullish(),
    score: z.number(),
    scale: z.union([z.literal(1), z.literal(100)]).default(1),
    stderr: z.number().min(0).nullish(),
    n: z
      .number()
      .int()
      .min(1, {
        error: ({ input }) => `n is ${input}: a score of no items is none. Leave n out where it was not published.`,
      })
      .max(100_000_000)
      .nullish(),
    n_missing: z.string().min(1).max(200).nullish().meta({ description: 'why there is no n; "not given" by default' }),
    variant: z.string().max(64).default('').meta({
      description: 'what was done to get the most from the checkpoint, such as "best prompt"; a column of its own',
    }),
    n_clusters: z.number().int().min(1).nullish(),
    measured_at: Instant.nullish(),
    source: z.string().max(500).default(''),
    imported_from: ImportedFrom.nullish(),
    /** False: more parts follow; the evaluation is shown once it is completed. */
    complete: z.boolean().default(true),
    items: z.array(ItemInput).max(ITEMS_PER_PART_MAX).default([]),
  })
  .meta({ id: 'EvaluationInput' })
export type EvaluationInput = z.infer<typeof EvaluationInput>

export const ItemsInput = z
  .object({ part: z.number().int().min(1).max(PARTS_MAX), items: z.array(ItemInput).min(1).max(ITEMS_PER_PART_MAX) })
  .meta({ id: 'ItemsInput' })
export type ItemsInput = z.infer<typeof ItemsInput>

export const Benchmark = z.object({
  slug: z.string(),
  name: z.string(),
  category: z.string(),
  kind: z.enum(BENCHMARK_KINDS),
  higher_is_better: z.boolean(),
  chance: z.number().nullable(),
  best: z.number().nullable(),
  unit: z.string().nullable(),
  use: z.enum(BENCHMARK_USES).nullable(),
  margin: z.number().nullable(),
  /** Slug of the benchmark that shows its over-refusal. */
  twin: z.string().nullable(),
  gain: z.enum(GAIN_LABELS).optional().meta({ description: 'what a gain on it shows; absent: nothing says so' }),
  gain_by: z.enum(['benchmark', 'category']).optional(),
  valid_until: z.string().optional().meta({ description: 'the last day on which its answers hold; absent: not told' }),
  domain: z.string().optional(),
  facet: z.enum(FACETS).optional(),
  part: z.enum(PARTS).optional().meta({ description: 'what it measures of a task, where it is one of a pair' }),
  pair: z.string().optional().meta({ description: 'slug of the benchmark that measures the other side' }),
})
export type Benchmark = z.infer<typeof Benchmark>

/** A score with its 95 % interval; low and high are null when no interval can be given, and `interval_note` says why. */
export const Evaluation = z
  .object({
    id: Uid,
    checkpoint: Uid,
    benchmark: Benchmark,
    metric: z.string(),
    score: z.number(),
    stderr: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    interval_note: z.string().nullable(),
    n: z.number().int().nullable(),
    n_missing: z.string().nullable(),
    variant: z.string(),
    n_clusters: z.number().int().nullable(),
    n_items: z.number().int(),
    seed: z.string(),
    scale: z.number().int(),
    source: z.string(),
    imported_from: ImportedFrom.nullable(),
    status: z.enum(['open', 'complete']),
    fingerprint: z.string(),
    protocol: ProtocolInput,
    measured_at: Instant.nullable(),
    created_at: Instant,
    superseded: z.boolean(),
  })
  .meta({ id: 'Evaluation' })
export type Evaluation = z.infer<typeof Evaluation>

export const READINGS = [
  'gained',
  'lost',
  'no_difference_found',
  'no_interval',
  'not_comparable',
  'missing_baseline',
] as const

/**
 * A change of one benchmark between two checkpoints: `change` is new − old in the benchmark's own direction of counting;
 * `utility` carries the orientation (negative is worse). low and high bound `change`.
 */
export const Change = z
  .object({
    benchmark: Benchmark,
    role: z.enum(BENCHMARK_ROLES).nullable(),
    value: z.number().nullable(),
    value_low: z.number().nullable(),
    value_high: z.number().nullable(),
    baseline: z.number().nullable(),
    baseline_low: z.number().nullable(),
    baseline_high: z.number().nullable(),
    change: z.number().nullable(),
    utility: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    p: z.number().nullable(),
    se: z.number().nullable(),
    n: z.number().int().nullable(),
    paired_n: z.number().int().nullable(),
    /** Shared items whose score fell, rose and stayed; null where items have no score of their own, and without pairs. */
    moved: z.object({ lost: z.number().int(), gained: z.number().int(), same: z.number().int() }).nullable(),
    /** The smallest change that such a comparison finds in four of five cases. */
    detectable: z.number().nullable(),
    method: z.string().meta({ description: 'how interval and p were made, in words' }),
    reading: z.enum(READINGS),
    reason: z.string().nullable(),
    /** True when the whole interval lies on one side of no change. */
    beyond_interval: z.boolean(),
    tolerance: z.number().nullable(),
    over_budget: z.enum(['no', 'estimate', 'certain']).nullable(),
  })
  .meta({ id: 'Change' })
export type Change = z.infer<typeof Change>

/** The evaluations page: rows are checkpoints, columns benchmarks. */
export const EvaluationTable = z
  .object({
    benchmarks: z.array(Benchmark),
    rows: z.array(
      z.object({
        experiment: ExperimentRef,
        checkpoint: z.object({ id: Uid, step: Count, tokens: Count.nullable() }),
        of_stage: z.boolean(),
        run: z.object({ uid: Uid, number: z.number().int() }).nullable(),
        /** Parallel to benchmarks; null where nothing was measured. */
        cells: z.array(
          z
            .object({
              id: Uid,
              score: z.number(),
              low: z.number().nullable(),
              high: z.number().nullable(),
              n: z.number().int().nullable(),
              n_missing: z.string().nullable(),
              fingerprint: z.string(),
              trials: z.number().int(),
            })
            .nullable(),
        ),
      }),
    ),
  })
  .meta({ id: 'EvaluationTable' })
export type EvaluationTable = z.infer<typeof EvaluationTable>
