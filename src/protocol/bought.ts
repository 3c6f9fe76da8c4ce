/** What stages bought: scores, changes and data of each, for pictures of cost against gain and loss. */
import * as z from 'zod'
import { Benchmark, Change, READINGS } from './evaluations.ts'
import { EXPERIMENT_STATES, ExperimentRef } from './experiments.ts'
import { Count, Uid } from './words.ts'

/** A benchmark on one checkpoint. */
export const BoughtCell = z.object({
  score: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number().int().nullable(),
  fingerprint: z.string(),
  /** Between chance (0) and best (1), with its standard error; null for losses and ratings, which have neither. */
  normal: z.object({ score: z.number(), se: z.number().nullable() }).nullable(),
  /** Against the checkpoint that the stage started from; null at a root and where nothing can be subtracted. */
  change: Change.pick({ change: true, utility: true, low: true, high: true, role: true, reason: true })
    .extend({ reading: z.enum(READINGS) })
    .nullable(),
})
export type BoughtCell = z.infer<typeof BoughtCell>

/** A checkpoint of a stage that was measured, by the step. */
export const BoughtPoint = z.object({
  checkpoint: z.object({ id: Uid, step: Count }),
  of_stage: z.boolean(),
  /** Parallel to benchmarks; null where nothing was measured. */
  cells: z.array(BoughtCell.nullable()),
})
export type BoughtPoint = z.infer<typeof BoughtPoint>

export const BoughtStage = z.object({
  experiment: ExperimentRef,
  state: z.enum(EXPERIMENT_STATES),
  method: z.string().nullable(),
  /** The adapter's kind where only adapters were trained. */
  adapter: z.string().nullable(),
  /** Number of the stage of this project that its weights come from; null at a root and beyond the project. */
  parent: z.number().int().nullable(),
  /** Tokens along its weight path. */
  tokens: z.number().nullable(),
  /** Share of the mixture that repeats earlier data; null without a mixture. */
  replay: z.number().nullable(),
  /** Benchmarks that it aims at. */
  targets: z.array(z.string()),
  points: z.array(BoughtPoint),
})
export type BoughtStage = z.infer<typeof BoughtStage>

export const Bought = z
  .object({
    benchmarks: z.array(Benchmark.extend({ is_target: z.boolean() })),
    stages: z.array(BoughtStage),
  })
  .meta({ id: 'Bought' })
export type Bought = z.infer<typeof Bought>
