/** A lineage as a file: stages with their parents, checkpoints along their training, and scores that were published for them. */
import * as z from 'zod'
import { LADDER_MAX } from '../core/imports/ladder.ts'
import { BenchmarkInput, EvaluationInput, ProtocolInput } from './evaluations.ts'
import { ExperimentInput, ParentInput } from './experiments.ts'
import { Count, Json, Name, Sha256, Slug } from './words.ts'

/** A benchmark under a protocol: what the scores of a file name in one word. */
export const LineageMeasure = z.strictObject({
  benchmark: BenchmarkInput,
  metric: EvaluationInput.shape.metric,
  protocol: ProtocolInput,
  scale: EvaluationInput.shape.scale,
})
export type LineageMeasure = z.infer<typeof LineageMeasure>

const { score, stderr, n, n_missing, seed, variant, n_clusters, measured_at } = EvaluationInput.shape

/** One published number. `source` is the file's own when absent. */
export const LineageScore = z.strictObject({
  measure: z.string().min(1).max(64),
  score,
  stderr,
  n,
  n_missing,
  seed,
  variant,
  n_clusters,
  measured_at,
  source: z.string().max(500).optional(),
})
export type LineageScore = z.infer<typeof LineageScore>

/** Saved weights that lie elsewhere. Tokens are step × tokens per step of the stage where they are left out. */
export const LineageCheckpoint = z.strictObject({
  location: z.string().min(1).max(1000),
  step: Count.default(0),
  tokens: Count.nullish(),
  sha256: Sha256.nullish(),
  metadata: Json.default({}),
  scores: z.array(LineageScore).max(1000).default([]),
})
export type LineageCheckpoint = z.infer<typeof LineageCheckpoint>

/** Checkpoints at equal distances: `{step}` in the location is the step of each. */
export const LineageLadder = z.strictObject({
  every: Count.min(1),
  from: Count,
  to: Count,
  location: z
    .string()
    .min(1)
    .max(1000)
    .regex(/\{step\}/, 'must hold {step}'),
})
export type LineageLadder = z.infer<typeof LineageLadder>

/** A parent: a stage of the file by its key, or one that exists; `at` is the location of the checkpoint that the child starts from. */
export const LineageParent = ParentInput.omit({ checkpoint: true, experiment: true })
  .extend({
    experiment: z.union([z.number().int().min(1), z.string().min(1).max(64)]),
    at: z.string().min(1).max(1000).optional(),
  })
  .strict()

export const LineageStage = ExperimentInput.omit({ parents: true })
  .extend({
    parents: z.array(LineageParent).max(64).default([]),
    checkpoints: z
      .array(z.union([LineageCheckpoint, LineageLadder]))
      .max(LADDER_MAX)
      .default([]),
  })
  .strict()
export type LineageStage = z.infer<typeof LineageStage>

export const LineageFile = z
  .strictObject({
    version: z.literal(1),
    name: Name,
    description: z.string().max(4000).optional(),
    /** Where the numbers are from; every score says it. */
    source: z.string().min(1).max(500),
    measures: z.record(z.string().min(1).max(64), LineageMeasure).default({}),
    stages: z.record(Slug, LineageStage),
  })
  .meta({ id: 'LineageFile' })
export type LineageFile = z.infer<typeof LineageFile>

const Counted = z.object({ made: z.number().int(), there: z.number().int() })

/** What an import made and what was there already. */
export const LineageImported = z
  .object({
    project: Slug,
    url: z.string(),
    stages: Counted,
    checkpoints: Counted,
    scores: Counted,
    /** Stages that were there already; they stay as they are, and get only checkpoints and scores that they lack. */
    kept: z.array(z.string()),
  })
  .meta({ id: 'LineageImported' })
export type LineageImported = z.infer<typeof LineageImported>
