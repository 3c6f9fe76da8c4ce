/** One checkpoint against a reference over all of its benchmarks: which differences are real. */
import * as z from 'zod'
import { BENCHMARK_ROLES } from '../core/evaluations/benchmarks.ts'
import { CORRECTIONS, DIFFERENCE_FAMILIES } from '../core/evaluations/correction.ts'
import { MATRIX_BASELINES } from '../core/evaluations/matrix-kinds.ts'
import { COMMON_UNITS } from '../core/forgetting/common-unit.ts'
import { Benchmark } from './evaluations.ts'
import { ExperimentRef } from './experiments.ts'
import { Matrix, MatrixCellDetail, MatrixSide } from './matrix.ts'
import { Uid } from './words.ts'

export const DifferencesQuery = z
  .object({
    checkpoint: Uid.optional().meta({ description: 'the last measured one of the longest path by default' }),
    variant: z.string().max(64).default(''),
    baseline: z.union([z.enum(MATRIX_BASELINES), Uid]).default('parent'),
    correction: z.enum(CORRECTIONS).default('benjamini_hochberg'),
    family: z.enum(DIFFERENCE_FAMILIES).default('kept'),
    margin: z.coerce
      .number()
      .gt(0)
      .max(100)
      .optional()
      .meta({ description: 'points that count as no change; each benchmark’s own by default, and always for losses' }),
  })
  .meta({ id: 'DifferencesQuery' })
export type DifferencesQuery = z.infer<typeof DifferencesQuery>

/** A checkpoint as a heading names it. */
const At = z.object({ experiment: ExperimentRef, checkpoint: MatrixSide.shape.checkpoint })

/** States of a difference: those of a cell that can be compared. */
export const DIFFERENCE_STATES = ['forgot', 'improved', 'retained', 'inconclusive', 'no_interval'] as const
export type DifferenceState = (typeof DIFFERENCE_STATES)[number]

/** One benchmark. `delta`, its interval, margin and smallest detectable size are utility in `unit`: negative is worse. */
export const Difference = z
  .object({
    benchmark: Benchmark,
    role: z.enum(BENCHMARK_ROLES).nullable(),
    metric: z.string(),
    unit: z.enum(COMMON_UNITS).nullable().meta({ description: 'null: the benchmark’s own scale' }),
    before: z.number(),
    after: z.number(),
    change: z.number().meta({ description: 'new − old in the benchmark’s own counting' }),
    delta: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    se: z.number().nullable(),
    p: z.number().nullable().meta({ description: 'two-sided, unadjusted' }),
    p_adjusted: z.number().nullable().meta({ description: 'over the family; null outside of it' }),
    state: z.enum(DIFFERENCE_STATES),
    below_margin: z.boolean(),
    margin: z.number().nullable().meta({ description: 'the largest change that counts as none; null: none is known' }),
    detectable: z
      .number()
      .nullable()
      .meta({ description: 'the smallest change that four of five such comparisons find' }),
    /** Items whose score fell, rose and stayed; null when unpaired, and where items have no score of their own. */
    moved: z.object({ lost: z.number().int(), gained: z.number().int(), same: z.number().int() }).nullable(),
    n: z.number().int().nullable(),
    paired_n: z.number().int().nullable().meta({ description: 'items that both answered; null: unpaired' }),
    method: z.string(),
    against: At,
    stages_back: z.number().int().nullable(),
  })
  .meta({ id: 'Difference' })
export type Difference = z.infer<typeof Difference>

export const Differences = z
  .object({
    /** Null: nothing was measured in the project. */
    of: At.extend({ variant: z.string() }).nullable(),
    baseline: Matrix.shape.baseline,
    correction: z.enum(CORRECTIONS),
    family: z.enum(DIFFERENCE_FAMILIES),
    family_size: z.number().int().meta({ description: 'differences over which p was adjusted' }),
    rows: z.array(Difference),
    /** Benchmarks of the checkpoint that have no difference, each with the reason. */
    apart: z.array(
      z.object({
        benchmark: Benchmark,
        state: z.enum(['not_comparable', 'no_baseline', 'is_baseline']),
        reason: z.string(),
        differing: MatrixCellDetail.shape.differing,
      }),
    ),
    stages: Matrix.shape.stages.unwrap(),
    measured: Matrix.shape.measured.unwrap(),
  })
  .meta({ id: 'Differences' })
export type Differences = z.infer<typeof Differences>
