/** Where a checkpoint came from. */
import * as z from 'zod'
import { ROOT_KINDS } from '../core/experiments/stage-kinds.ts'
import { EDGE_KINDS } from '../core/lineage/edge-kinds.ts'
import { END_REASONS, RUN_STATES } from '../core/runs/states.ts'
import { Checkpoint } from './checkpoints.ts'
import { CostTotal } from './cost-parts.ts'
import { Evaluation } from './evaluations.ts'
import { Edge, ExperimentRef, MixtureSource, Root } from './experiments.ts'
import { RunUsage } from './runs.ts'
import { Count, Instant, Sha256, Slug, Uid } from './words.ts'

/** The run that wrote a checkpoint: where, on what, with which code, from which files. */
export const WritingRun = z
  .object({
    project: Slug,
    uid: Uid,
    number: z.number().int(),
    name: z.string(),
    state: z.enum(RUN_STATES),
    attempt: z.object({
      number: z.number().int(),
      first_step: Count,
      started_at: Instant.nullable(),
      ended_at: Instant.nullable(),
      end_reason: z.enum(END_REASONS).nullable(),
      host: z.string().nullable(),
    }),
    /** Null: its client told no commit. */
    code: z
      .object({ commit: z.string(), branch: z.string().nullable(), remote: z.string().nullable(), dirty: z.boolean() })
      .nullable(),
    command: z.string().nullable(),
    inputs: z.array(RunUsage),
    /** All that the run held, over its attempts. */
    hardware: z.array(
      z.object({
        device_kind: z.enum(['gpu', 'cpu']),
        device_name: z.string(),
        count: z.number().int(),
        hours: z.number().meta({ description: 'device-hours' }),
      }),
    ),
  })
  .meta({ id: 'WritingRun' })
export type WritingRun = z.infer<typeof WritingRun>

/** A stage on the way of the weights, with the checkpoint that it handed on. */
export const ProvenanceStage = z
  .object({
    experiment: ExperimentRef,
    method: z.string().nullable(),
    objective: z.string().nullable(),
    /** How its weights came from the stage before it; null at the root. */
    from: z
      .object({ kind: z.enum(EDGE_KINDS), weight: z.number().nullable(), note: z.string(), inferred: z.boolean() })
      .nullable(),
    root_kind: z.enum(ROOT_KINDS).nullable(),
    root: Root.nullable(),
    checkpoint: z
      .object({
        id: Uid,
        step: Count,
        tokens: Count.nullable(),
        sha256: Sha256.nullable(),
        location: z.string().nullable(),
      })
      .nullable(),
    /** Null: the checkpoint came without a run, or the reader may not see its project. */
    run: WritingRun.nullable(),
    data: z.array(MixtureSource),
    /** Other parents: further inputs of a merge, teachers, references, reward models. */
    beside: z.array(Edge),
    /** Money of the stage up to what it handed on; null where costs may not be seen. */
    cost: CostTotal.nullable(),
  })
  .meta({ id: 'ProvenanceStage' })
export type ProvenanceStage = z.infer<typeof ProvenanceStage>

export const Provenance = z
  .object({
    checkpoint: Checkpoint,
    /** From the root to the stage of the checkpoint. */
    stages: z.array(ProvenanceStage),
    /** All of it, each shared ancestor once; null where costs may not be seen. */
    cost: CostTotal.nullable(),
    /** Standing evaluations of the checkpoint, the newest first. */
    evaluations: z.array(Evaluation),
  })
  .meta({ id: 'Provenance' })
export type Provenance = z.infer<typeof Provenance>

const Place = z.coerce.number().min(0).max(Number.MAX_SAFE_INTEGER)

/** A place on a curve of a run: a step, or tokens so far. */
export const NearestQuery = z.object({ step: Place.optional(), tokens: Place.optional() })

/** The checkpoint of a run nearest to a place of its curves; null: the run saved none that can be placed there. */
export const NearestCheckpoint = z
  .object({ checkpoint: z.object({ id: Uid, step: Count }).nullable() })
  .meta({ id: 'NearestCheckpoint' })
export type NearestCheckpoint = z.infer<typeof NearestCheckpoint>
