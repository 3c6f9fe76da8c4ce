/** Capability over tokens: benchmarks, drift and training loss of one path on one continuous axis. */
import * as z from 'zod'
import { CORPUS_UNITS } from '../core/evaluations/corpus-units.ts'
import { PATH_AXES } from '../core/lineage/path-axes.ts'
import { Benchmark, Change, READINGS } from './evaluations.ts'
import { EXPERIMENT_STATES, ExperimentRef } from './experiments.ts'
import { Count, Uid } from './words.ts'

/** Where something begins and ends on an axis that goes on from stage to stage. */
export const Span = z.object({ from: z.number(), to: z.number() })
export type Span = z.infer<typeof Span>

/** Where a stage lies on an axis. Null: nothing says where it begins; of no length: it does not tell its own amount. `why` says why. */
const Placed = z.object({ span: Span.nullable(), why: z.string().nullable() })

/** A stage of the path, the root first. */
export const CapabilityStage = z.object({
  experiment: ExperimentRef,
  method: z.string().nullable(),
  state: z.enum(EXPERIMENT_STATES),
  axes: z.record(z.enum(PATH_AXES), Placed),
  /** What must be added to the steps of its run to lie on the axis of steps. */
  step_offset: z.number().nullable(),
  /** The run whose loss and learning rate are drawn. */
  run: z.number().int().nullable(),
  loss: z.string().nullable().meta({ description: 'the metric that is its loss' }),
  learning_rate: z.string().nullable().meta({ description: 'the metric that is its learning rate' }),
  token_counter: z.string().nullable().meta({ description: 'the metric that counts its tokens' }),
  loss_mask: z.enum(['all', 'response']).nullable(),
  objective: z.string().nullable(),
  tokenizer: z.string().nullable(),
  sources: z.array(z.object({ source: z.string(), share: z.number() })),
  targets: z.array(z.string()).meta({ description: 'slugs of the benchmarks that it aims at' }),
  /** Why its loss is not one curve with that of the stage before; empty where it is. */
  loss_breaks: z.array(z.string()),
})
export type CapabilityStage = z.infer<typeof CapabilityStage>

/** A change without what its benchmark tells anyway. */
const ChangeOf = Change.pick({ change: true, low: true, high: true, p: true, method: true, reason: true }).extend({
  reading: z.enum(READINGS),
})

/** A loss in one of its units. */
export const UnitScore = z.object({
  score: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  documents: z.number().int().nullable().meta({ description: 'over which the interval goes; null: none are stored' }),
  broken: z.string().nullable(),
  parent: ChangeOf.nullable(),
  root: ChangeOf.nullable(),
})
export type UnitScore = z.infer<typeof UnitScore>

export const CapabilityCell = z.object({
  id: Uid,
  score: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number().int().nullable(),
  trials: z.number().int(),
  metric: z.string(),
  fingerprint: z.string(),
  /** Why it is not joined with the score before it on the path; null where it is, and at the first. */
  broken: z.string().nullable(),
  /** Of a loss: the text that it was counted over, and the loss in both units; a unit is null where its documents are not stored. */
  corpus: z
    .object({ name: z.string().nullable(), units: z.record(z.enum(CORPUS_UNITS), UnitScore.nullable()) })
    .nullable(),
  /** Of a stage's checkpoint: against the checkpoint that the stage started from, and against that of the root. */
  parent: ChangeOf.nullable(),
  root: ChangeOf.nullable(),
})
export type CapabilityCell = z.infer<typeof CapabilityCell>

export const CapabilityQuery = z
  .object({
    leaf: z.coerce.number().int().min(1).optional().meta({
      type: 'integer',
      description: 'number of the stage at which the path ends; the newest at the end of a longest path when absent',
    }),
  })
  .meta({ id: 'CapabilityQuery' })
export type CapabilityQuery = z.infer<typeof CapabilityQuery>

export const Capability = z
  .object({
    /** The last stage of the path. */
    leaf: z.number().int().nullable(),
    /** Stages at which a path may end: those that have begun. */
    ends: z.array(ExperimentRef),
    /** The stage of another project that the path goes on from. */
    goes_on_from: ExperimentRef.nullable(),
    /** Of the hours of devices. */
    device_kind: z.enum(['gpu', 'cpu']).nullable(),
    stages: z.array(CapabilityStage),
    benchmarks: z.array(Benchmark.extend({ is_target: z.boolean().meta({ description: 'of a stage of the path' }) })),
    /** Checkpoints that were measured, in the order of training. */
    points: z.array(
      z.object({
        stage: z.number().int().meta({ description: 'place in stages' }),
        of_stage: z.boolean(),
        checkpoint: z.object({ id: Uid, step: Count }),
        /** Where it lies on each axis; null: not known. */
        at: z.record(z.enum(PATH_AXES), z.number().nullable()),
        /** Parallel to benchmarks; null where nothing was measured. */
        cells: z.array(CapabilityCell.nullable()),
      }),
    ),
  })
  .meta({ id: 'Capability' })
export type Capability = z.infer<typeof Capability>
