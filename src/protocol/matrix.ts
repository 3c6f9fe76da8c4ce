/**
 * The matrix of checkpoints and benchmarks on the wire, and one of its cells with the items behind it. Cells come column by column
 * as parallel lists, since a page may show forty thousand of them.
 */
import * as z from 'zod'
import { BENCHMARK_ROLES } from '../core/evaluations/benchmarks.ts'
import { FLIP_KINDS, MATRIX_BASELINES, MATRIX_SETS } from '../core/evaluations/matrix-kinds.ts'
import { BUDGET_VERDICTS } from '../core/forgetting/budget.ts'
import { CELL_STATES } from '../core/forgetting/cell-states.ts'
import { Benchmark, ProtocolInput } from './evaluations.ts'
import { EXPERIMENT_STATES, ExperimentRef, TokenPrice } from './experiments.ts'
import { Count, Instant, Uid } from './words.ts'

/** States of a cell: those of forgetting, and why there is none. `is_baseline`: it is what others are compared with. */
export const MATRIX_STATES = [...CELL_STATES, 'no_interval', 'no_baseline', 'is_baseline'] as const
export type MatrixState = (typeof MATRIX_STATES)[number]

export const COLUMNS_PER_PAGE_MAX = 500

/** Ids with commas between them, as an address carries them. */
const Uids = z
  .string()
  .max(40 * 1000)
  .transform((text) => text.split(',').filter((id) => id !== ''))
  .pipe(z.array(Uid).max(1000))

export const MatrixQuery = z
  .object({
    set: z.enum(MATRIX_SETS).default('stages'),
    leaf: z.coerce.number().int().min(1).optional().meta({ description: 'number of a stage, for path and branches' }),
    siblings: z
      .union([z.literal('none'), z.coerce.number().int().min(1)])
      .optional()
      .meta({ description: 'number of the stage of the path whose siblings follow it; the widest fork by default' }),
    checkpoints: Uids.optional().meta({ type: 'string', description: 'ids, with commas between, for picked' }),
    baseline: z.union([z.enum(MATRIX_BASELINES), Uid]).default('parent'),
    slices: z.enum(['true', 'false']).optional().meta({ description: 'true: a row per slice below its benchmark' }),
    from: z.coerce.number().int().min(0).default(0).meta({ type: 'integer' }),
    count: z.coerce.number().int().min(1).max(COLUMNS_PER_PAGE_MAX).default(100).meta({ type: 'integer' }),
  })
  .meta({ id: 'MatrixQuery' })
export type MatrixQuery = z.infer<typeof MatrixQuery>

const CheckpointPoint = z.object({ id: Uid, step: Count, tokens: Count.nullable() })

/** A stage of the project, as a picker of paths needs it. */
export const MatrixStage = z.object({
  number: z.number().int(),
  name: z.string(),
  stage_kind: ExperimentRef.shape.stage_kind,
  /** Number of the principal weight parent inside the project. */
  parent: z.number().int().nullable(),
  measured: z.boolean(),
  /** Of an API model: what a million of its tokens cost. */
  price: TokenPrice.optional(),
})
export type MatrixStage = z.infer<typeof MatrixStage>

export const MatrixRow = z.object({
  benchmark: Benchmark,
  /** A part of the items, by one of their labels; null: all of them. */
  slice: z.object({ key: z.string(), value: z.string() }).nullable(),
})
export type MatrixRow = z.infer<typeof MatrixRow>

/** Lists run in parallel; `at` gives the row of each cell. Rows without a cell were not measured. */
export const MatrixCells = z.object({
  at: z.array(z.number().int()),
  score: z.array(z.number()),
  low: z.array(z.number().nullable()),
  high: z.array(z.number().nullable()),
  n: z.array(z.number().int().nullable()),
  trials: z.array(z.number().int()),
  /** Index into `protocols`. */
  protocol: z.array(z.number().int()),
  role: z.array(z.enum(BENCHMARK_ROLES).nullable()),
  state: z.array(z.enum(MATRIX_STATES)),
  /** New − old in the benchmark's own counting, and its 95 % interval. */
  change: z.array(z.number().nullable()),
  change_low: z.array(z.number().nullable()),
  change_high: z.array(z.number().nullable()),
  /** Adjusted over what the stage should keep, for targets as it is. */
  p: z.array(z.number().nullable()),
  paired_n: z.array(z.number().int().nullable()),
  tolerance: z.array(z.number().nullable()),
  budget: z.array(z.enum(BUDGET_VERDICTS).nullable()),
  /** Index into `baselines` of what the cell was compared with; null: nothing. */
  against: z.array(z.number().int().nullable()),
  /** Index into `reasons`, where the cell has no change or no interval. */
  reason: z.array(z.number().int().nullable()),
})
export type MatrixCells = z.infer<typeof MatrixCells>

export const MatrixColumn = z.object({
  experiment: ExperimentRef,
  group: z.enum(['path', 'sibling', 'set']),
  /** Null: the stage has no checkpoint yet. */
  checkpoint: CheckpointPoint.nullable(),
  /** Of a stage without a checkpoint. */
  state: z.enum(EXPERIMENT_STATES).nullable(),
  /** '' for the checkpoint as it is; else what was done to get the most from it. */
  variant: z.string(),
  of_stage: z.boolean(),
  run: z.number().int().nullable(),
  /** Index into `baselines`; null: there is none, or it differs from cell to cell. */
  baseline: z.number().int().nullable(),
  /** Benchmarks with a budget whose change stays within it, of how many, and how many lie beyond it for certain. */
  within: z.object({ kept: z.number().int(), of: z.number().int(), beyond: z.number().int() }),
  cells: MatrixCells,
})
export type MatrixColumn = z.infer<typeof MatrixColumn>

export const Matrix = z
  .object({
    set: z.enum(MATRIX_SETS),
    leaf: z.number().int().nullable(),
    /** Number of the stage of the path whose siblings are shown. */
    siblings: z.number().int().nullable(),
    baseline: z.union([z.enum(MATRIX_BASELINES), Uid]),
    rows: z.array(MatrixRow),
    /** How many columns there are in all, and those of this page. */
    total: z.number().int(),
    from: z.number().int(),
    columns: z.array(MatrixColumn),
    baselines: z.array(z.object({ experiment: ExperimentRef, checkpoint: CheckpointPoint })),
    protocols: z.array(
      z.object({ fingerprint: z.string(), metric: z.string(), name: z.string(), fields: ProtocolInput }),
    ),
    reasons: z.array(z.string()),
    /** Why the columns of this page have no slices, where slices were asked for and are left out. */
    slices_left_out: z.string().optional(),
    /** With the first page only: the stages of the project, and the checkpoints that can be a baseline or be picked. */
    stages: z.array(MatrixStage).optional(),
    measured: z
      .array(z.object({ experiment: z.number().int(), checkpoint: CheckpointPoint, of_stage: z.boolean() }))
      .optional(),
  })
  .meta({ id: 'Matrix' })
export type Matrix = z.infer<typeof Matrix>

export const Flips = z.object({
  lost: z.number().int(),
  gained: z.number().int(),
  kept_right: z.number().int(),
  kept_wrong: z.number().int(),
})

export const MatrixCellQuery = z
  .object({
    checkpoint: Uid,
    benchmark: z.string().min(1).max(64),
    variant: z.string().max(64).default(''),
    baseline: z.union([z.enum(MATRIX_BASELINES), Uid]).default('parent'),
  })
  .meta({ id: 'MatrixCellQuery' })
export type MatrixCellQuery = z.infer<typeof MatrixCellQuery>

/** One side of a comparison: where it hangs, what came out and how it was measured. */
export const MatrixSide = z.object({
  experiment: ExperimentRef,
  checkpoint: CheckpointPoint,
  evaluation: Uid,
  metric: z.string(),
  score: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  interval_method: z.string(),
  interval_note: z.string().nullable(),
  n: z.number().int().nullable(),
  /** Why there is no n. */
  n_missing: z.string().nullable(),
  n_items: z.number().int(),
  trials: z.number().int(),
  fingerprint: z.string(),
  protocol: ProtocolInput,
  source: z.string(),
  measured_at: Instant.nullable(),
})
export type MatrixSide = z.infer<typeof MatrixSide>

/** A cell opened: both sides, the test, the budget, flips and slices. */
export const MatrixCellDetail = z
  .object({
    benchmark: Benchmark,
    role: z.enum(BENCHMARK_ROLES).nullable(),
    after: MatrixSide,
    before: MatrixSide.nullable(),
    /** 1: against the stage before; more: stages between were not measured. Null: not a question of stages. */
    stages_back: z.number().int().nullable(),
    state: z.enum(MATRIX_STATES),
    reason: z.string().nullable(),
    /** Protocol fields that differ, where the two cannot be compared. */
    differing: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
    /** Fields that do not block a comparison and differ, such as the precision: they may explain a part of it. */
    unlike: z.array(z.string()),
    change: z.number().nullable(),
    change_low: z.number().nullable(),
    change_high: z.number().nullable(),
    p: z.number().nullable(),
    p_adjusted: z.number().nullable(),
    /** Benchmarks over which p was adjusted. */
    family: z.number().int(),
    paired_n: z.number().int().nullable(),
    method: z.string(),
    below_margin: z.boolean(),
    severe: z.boolean(),
    /** The smallest change that so many items would have shown in 80 % of the cases, in the benchmark's scale. */
    detectable: z.number().nullable(),
    tolerance: z.number().nullable(),
    budget: z.enum(BUDGET_VERDICTS).nullable(),
    flips: Flips.nullable(),
    /** Why there are no flips. */
    flips_note: z.string().nullable(),
    slices: z.array(
      z.object({
        key: z.string(),
        value: z.string(),
        n: z.number().int(),
        before: z.number().nullable(),
        after: z.number(),
        change: z.number().nullable(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        p: z.number().nullable(),
      }),
    ),
    /** Other checkpoints that answered the same items: siblings and stages of the path, for reading side by side. */
    beside: z.array(
      z.object({
        experiment: ExperimentRef,
        checkpoint: CheckpointPoint,
        relation: z.enum(['path', 'sibling', 'child']),
      }),
    ),
  })
  .meta({ id: 'MatrixCellDetail' })
export type MatrixCellDetail = z.infer<typeof MatrixCellDetail>

export const MatrixItemsQuery = MatrixCellQuery.extend({
  flip: z.enum(FLIP_KINDS).default('lost'),
  beside: Uids.optional().meta({ type: 'string', description: 'further checkpoints, ids with commas between' }),
  from: z.coerce.number().int().min(0).default(0).meta({ type: 'integer' }),
  count: z.coerce.number().int().min(1).max(100).default(20).meta({ type: 'integer' }),
}).meta({ id: 'MatrixItemsQuery' })
export type MatrixItemsQuery = z.infer<typeof MatrixItemsQuery>

/** Items whose verdict went one way between two checkpoints, with what each checkpoint answered. */
export const MatrixItems = z
  .object({
    total: z.number().int(),
    from: z.number().int(),
    items: z.array(
      z.object({
        id: z.string(),
        trial: z.number().int().nullable(),
        prompt: z.string().nullable(),
        expected: z.string().nullable(),
        tags: z.record(z.string(), z.string()),
        /** The baseline first, then the checkpoint, then those asked for beside them. */
        answers: z.array(
          z.object({ checkpoint: Uid, output: z.string().nullable(), score: z.number().nullable() }).nullable(),
        ),
      }),
    ),
  })
  .meta({ id: 'MatrixItems' })
export type MatrixItems = z.infer<typeof MatrixItems>
