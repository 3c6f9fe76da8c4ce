/** What a stage gained, kept and lost, judged by its budget; and the measures of a whole lineage. */
import * as z from 'zod'
import { BENCHMARK_ROLES } from '../core/evaluations/benchmarks.ts'
import { BUDGET_VERDICTS, GATES } from '../core/forgetting/budget.ts'
import { CELL_STATES } from '../core/forgetting/cell-states.ts'
import { COMMON_UNITS } from '../core/forgetting/common-unit.ts'
import { GATE_STATES } from '../core/forgetting/gate.ts'
import { Benchmark } from './evaluations.ts'
import { BudgetInput, ExperimentRef } from './experiments.ts'
import { Count, Instant, Slug, Uid } from './words.ts'

const Unit = z.enum(COMMON_UNITS)
/** A merge against what went into it, utility: negative is worse. Null where an input or the ancestor was not measured alike. */
export const MergeCell = z
  .object({
    benchmark: Benchmark,
    unit: Unit.nullable().meta({ description: 'null: the benchmark’s own scale' }),
    vs_best_input: z.number().nullable(),
    /** The input that was best, and the interval of the difference to it, on shared items where both have them. */
    best_input: ExperimentRef.nullable(),
    vs_best_low: z.number().nullable(),
    vs_best_high: z.number().nullable(),
    vs_best_p: z.number().nullable(),
    vs_weighted_mean: z.number().nullable(),
    /** The lowest common ancestor of the inputs; of several the one that was best. */
    ancestor: ExperimentRef.nullable(),
    vs_ancestor: z.number().nullable(),
  })
  .meta({ id: 'MergeCell' })
export type MergeCell = z.infer<typeof MergeCell>

const CheckpointRef = z.object({ id: Uid, step: Count })

/** Where a number comes from: a stage and its checkpoint. */
export const StageRef = z.object({ experiment: ExperimentRef, checkpoint: CheckpointRef }).meta({ id: 'StageRef' })
export type StageRef = z.infer<typeof StageRef>

/** A mean with its 95 % interval; the ends are null when a member has no standard error. */
export const Mean = z.object({
  mean: z.number(),
  se: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  unit: Unit,
  used: z.number().int(),
  total: z.number().int(),
})
export type Mean = z.infer<typeof Mean>

/** One benchmark of a stage against a reference. Numbers are utility: negative is worse. */
export const ForgettingCell = z
  .object({
    benchmark: Benchmark,
    role: z.enum(BENCHMARK_ROLES),
    unit: Unit.nullable().meta({ description: 'null: a scale without a common unit; it has a state, but no budget' }),
    delta: z.number().nullable(),
    se: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    p: z.number().nullable().meta({ description: 'two-sided, unadjusted' }),
    p_adjusted: z
      .number()
      .nullable()
      .meta({ description: 'Benjamini–Hochberg over retention and safety; a target’s own p' }),
    state: z.enum(CELL_STATES),
    below_margin: z.boolean(),
    severe: z.boolean(),
    detectable: z
      .number()
      .nullable()
      .meta({ description: 'the smallest change that four of five such comparisons find' }),
    margin: z.number().nullable(),
    tolerance: z.number().nullable().meta({ description: 'what may be lost; null for a target and without a unit' }),
    tolerance_set: z
      .number()
      .nullable()
      .meta({ description: 'as somebody set it, in the benchmark’s own scale; null: the default' }),
    budget: z.enum([...BUDGET_VERDICTS, 'missing']).nullable(),
    /** ρ of chance-corrected scores; null with the reason. */
    retention: z.number().nullable(),
    retention_reason: z.string().nullable(),
    /** The reference; more than one stage back where nearer ones were not measured, and then of no single stage. */
    vs: StageRef.extend({ stages_back: z.number().int() }).nullable(),
    /** Loss against the best weight ancestor (positive: lost), descriptive: a maximum of noisy values looks too good. */
    best: z
      .object({
        experiment: ExperimentRef,
        lost: z.number(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        ancestors: z.number().int(),
        selection: z.number().nullable().meta({ description: 'how much of it is spurious if all are equally good' }),
      })
      .nullable(),
    n: z.number().int().nullable(),
    paired_n: z.number().int().nullable(),
    method: z.string(),
    reason: z.string().nullable().meta({ description: 'why there is no change to tell' }),
  })
  .meta({ id: 'ForgettingCell' })
export type ForgettingCell = z.infer<typeof ForgettingCell>

/** Points of one side per point of the other, with the interval after Fieller; null with the reason. */
const Exchange = z.object({
  rate: z.number().nullable().meta({ description: 'retention change per unit gained: negative was paid' }),
  low: z.number().nullable(),
  high: z.number().nullable(),
  unit: Unit.nullable(),
  reason: z.string().nullable(),
})

/** A stage against one reference: its parent, or the root of its weight path. */
export const ForgettingVerdict = z
  .object({
    reference: StageRef.nullable().meta({ description: 'null: there is no checkpoint to compare with' }),
    cells: z.array(ForgettingCell),
    counts: z.record(z.enum(CELL_STATES), z.number().int()),
    /** Means within categories first, then over them; rates in normalised points. Null: no cell, or fewer than 80 %. */
    target: Mean.nullable(),
    retention: Mean.nullable(),
    by_category: z.array(Mean.extend({ category: z.string() })),
    safety: Mean.nullable(),
    drift: Mean.nullable().meta({ description: 'retention measured as a loss; never averaged with rates' }),
    /** The retention or safety benchmark with the largest loss in multiples of its tolerance. */
    worst: Slug.nullable(),
    budget: z.object({
      verdict: z.enum(BUDGET_VERDICTS).nullable(),
      counts: z.record(z.enum([...BUDGET_VERDICTS, 'missing']), z.number().int()),
      mean_fails: z.boolean(),
    }),
    exchange: Exchange,
  })
  .meta({ id: 'ForgettingVerdict' })
export type ForgettingVerdict = z.infer<typeof ForgettingVerdict>

/** A cell that is needed for the verdict and was not measured, with what would fill it. */
export const MissingCell = z
  .object({
    benchmark: z.object({ slug: Slug, name: z.string() }),
    role: z.enum(BENCHMARK_ROLES),
    at: StageRef,
    is_baseline: z.boolean(),
    command: z.string().meta({ description: 'Python that records the score under the same protocol' }),
  })
  .meta({ id: 'MissingCell' })
export type MissingCell = z.infer<typeof MissingCell>

export const StageBudget = z
  .object({
    points: z.number().meta({ description: 'B: what the mean of retention may fall, in normalised points' }),
    points_default: z.boolean(),
    gate: z.enum(GATES).meta({ description: 'when what follows must wait' }),
    gate_default: z.boolean(),
    holds: z.boolean().meta({ description: 'training that starts here waits for the gate, and so does a pin' }),
  })
  .meta({ id: 'StageBudget' })

/** Where the gate of a stage stands for the checkpoint of the stage. */
export const StageGate = z
  .object({
    state: z.enum(GATE_STATES),
    why: z.string().nullable().meta({ description: 'why what follows has to wait; null when it does not' }),
    held: z.array(ExperimentRef).meta({ description: 'stages whose training waits for this gate now' }),
    /** Who let this checkpoint pass although it was shut. */
    override: z.object({ by: z.string(), reason: z.string(), at: Instant }).nullable(),
  })
  .meta({ id: 'StageGate' })
export type StageGate = z.infer<typeof StageGate>

/** Why something may pass a shut gate; kept in the audit trail. */
export const OverrideReason = z
  .string()
  .trim()
  .min(3, 'Say in a few words why it may pass; the reason is kept.')
  .max(2000)
export const GateOverrideInput = z
  .object({
    reason: OverrideReason,
    checkpoint: Uid.optional().meta({
      description: 'the checkpoint whose numbers were read; refused when another one stands for the stage by now',
    }),
  })
  .meta({ id: 'GateOverrideInput' })
export type GateOverrideInput = z.infer<typeof GateOverrideInput>

/** Only what is given changes; null goes back to the default. */
export const StageBudgetInput = BudgetInput.extend({
  benchmarks: z
    .array(
      z.object({
        benchmark: Slug,
        role: z.enum(BENCHMARK_ROLES).nullish(),
        tolerance: z
          .number()
          .min(0, 'What may be lost is 0 or more, in the scale of the benchmark')
          .nullish()
          .meta({ description: 'in the benchmark’s own scale' }),
      }),
    )
    .max(200)
    .default([]),
}).meta({ id: 'StageBudgetInput' })
export type StageBudgetInput = z.infer<typeof StageBudgetInput>

export const StageVerdict = z
  .object({
    experiment: ExperimentRef,
    checkpoint: CheckpointRef.nullable(),
    parent: ForgettingVerdict,
    root: ForgettingVerdict,
    /** Only of a merge: every benchmark of its checkpoint against its inputs. */
    merge: z.array(MergeCell),
    missing: z.array(MissingCell),
    budget: StageBudget,
    gate: StageGate,
    /** True when the gate stops what follows: it is closed, or holds until the stage is measured. */
    stops: z.boolean(),
  })
  .meta({ id: 'StageVerdict' })
export type StageVerdict = z.infer<typeof StageVerdict>

const Measured = z
  .object({
    value: z.number(),
    se: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    over: z.number().int().meta({ description: 'what the sum was divided by' }),
  })
  .nullable()

/** A path from its root to a leaf: what is left of each target, and what changed from end to end. */
export const LineageForgetting = z
  .object({
    path: z.array(StageRef.extend({ targets: z.array(Slug) })).meta({ description: 'root first' }),
    /** Targets of the path, each by the first stage that aims at it, in normalised points. */
    measures: z.object({
      final_accuracy: Measured,
      learning_accuracy: Measured,
      backward_transfer: Measured,
      forgetting: Measured,
      forward_transfer: Measured,
      lift_over_root: Measured,
      reason: z.string().nullable(),
      convention: z.string(),
    }),
    /** Per benchmark, from the first to the last stage of the path that has it under one protocol. */
    end_to_end: z.array(
      z.object({
        benchmark: Benchmark,
        unit: Unit,
        from: ExperimentRef,
        delta: z.number(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        /** F since the introduction: the best earlier stage minus the leaf; positive is lost. */
        lost: z.number().nullable(),
        best: ExperimentRef.nullable(),
      }),
    ),
    coverage: z.number().meta({ description: 'share of the benchmarks that every stage of the path has' }),
  })
  .meta({ id: 'LineageForgetting' })
export type LineageForgetting = z.infer<typeof LineageForgetting>

/** Loss of one benchmark against the best ancestor, from shared items; positive is lost. Null with the reason. */
export const BestAncestorView = z
  .object({
    /** Those that were measured under the same protocol since the introduction. */
    ancestors: z.array(ExperimentRef),
    n: z.number().int().nullable(),
    best: ExperimentRef.nullable(),
    lost: z
      .object({
        value: z.number(),
        low: z.number(),
        high: z.number(),
        selection: z.number().meta({ description: 'how much of it is spurious if all are equally good' }),
      })
      .nullable()
      .meta({ description: 'joint bootstrap: the same items for every ancestor; biased up, being a maximum' }),
    honest: z.number().nullable().meta({ description: 'the best chosen on half of the items, measured on the other' }),
    reason: z.string().nullable(),
  })
  .meta({ id: 'BestAncestor' })
export type BestAncestorView = z.infer<typeof BestAncestorView>

/** An open gate; a closed one is a refusal. */
export const OpenGate = z
  .object({ open: z.literal(true), gate: z.enum(GATES), override: StageGate.shape.override })
  .meta({ id: 'OpenGate' })
export type OpenGate = z.infer<typeof OpenGate>
