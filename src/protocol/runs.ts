/** Runs and attempts on the wire. */
import * as z from 'zod'
import { RUN_GROUP_MAX } from '../core/runs/bulk.ts'
import { END_REASONS, RUN_KINDS, RUN_STATES } from '../core/runs/states.ts'
import { ExperimentRef } from './experiments.ts'
import { MetricValue } from './metrics.ts'
import { Count, ExperimentName, Instant, Json, Name, Sha256, Slug, Uid } from './words.ts'

const Tags = z.array(z.string().min(1).max(100)).max(100)

/** The group of a run, such as seeds of one setting; null: none. */
export const RunGroup = z.string().trim().min(1).max(RUN_GROUP_MAX).nullable()

export const RunInput = z
  .object({
    experiment: ExperimentName.optional(),
    kind: z.enum(RUN_KINDS).default('train'),
    name: Name.optional(),
    config: Json.default({}),
    environment: Json.default({}),
    seed: Count.nullish(),
    group: z.string().trim().max(RUN_GROUP_MAX).nullish(),
    tags: Tags.default([]),
  })
  .meta({ id: 'RunInput' })
export type RunInput = z.infer<typeof RunInput>

/** What changes; the rest stays. */
export const RunChange = z
  .object({
    name: Name.optional(),
    tags: Tags.optional(),
    group: RunGroup.optional(),
    starred: z.boolean().optional(),
    archived: z.boolean().optional().meta({ description: 'put aside: left out of lists and charts unless asked for' }),
  })
  .meta({ id: 'RunChange' })
export type RunChange = z.infer<typeof RunChange>

/** The experiment to which a run is moved. */
export const RunMove = z
  .object({
    experiment: ExperimentName,
    to_project: Slug.optional().meta({
      description: 'the project of the experiment, in the same workspace; the one where the run is when absent',
    }),
  })
  .meta({ id: 'RunMove' })

export const Run = z
  .object({
    uid: Uid,
    project: Slug,
    number: z.number().int(),
    name: z.string(),
    kind: z.enum(RUN_KINDS),
    state: z.enum(RUN_STATES),
    experiment: ExperimentRef,
    attempt: z.number().int().nullable(),
    last_step: Count.nullable(),
    total_steps: Count.nullable(),
    tokens: Count.nullable(),
    message: z.string(),
    seed: Count.nullable(),
    group: z.string().nullable(),
    tags: z.array(z.string()),
    starred: z.boolean().optional(),
    archived_at: Instant.nullable().optional().meta({ description: 'when it was put aside' }),
    created_by: z.string(),
    /** The name of the key or the person behind `created_by`, where there is one. */
    created_by_name: z.string().nullable().optional(),
    created_at: Instant,
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    last_contact_at: Instant.nullable(),
    stop_requested: z.boolean(),
    url: z.string(),
    /** In lists only: the last value of the run's loss and under which key it was logged. */
    last_loss: MetricValue.optional(),
    loss_key: z.string().nullable().optional(),
  })
  .meta({ id: 'Run' })
export type Run = z.infer<typeof Run>

export const AttemptInput = z
  .object({
    from_checkpoint: Uid.nullish(),
    first_step: Count.optional(),
    host: z.string().max(255).optional(),
    /** When it really began, for runs that are told afterwards; now when absent. */
    started_at: Instant.optional(),
  })
  .meta({ id: 'AttemptInput' })
export type AttemptInput = z.infer<typeof AttemptInput>

export const AttemptStarted = z.object({ attempt: z.number().int(), first_step: Count }).meta({ id: 'AttemptStarted' })
export type AttemptStarted = z.infer<typeof AttemptStarted>

export const Attempt = z
  .object({
    number: z.number().int(),
    first_step: Count,
    last_step: Count.nullable(),
    from_checkpoint: z.object({ id: Uid, step: Count }).nullable(),
    host: z.string().nullable(),
    agent: z.string().nullable(),
    created_at: Instant,
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    end_reason: z.enum(END_REASONS).nullable(),
    exit_code: z.number().int().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Attempt' })
export type Attempt = z.infer<typeof Attempt>

export const RunHeartbeat = z
  .object({
    attempt: z.number().int().min(1),
    step: Count.optional(),
    total_steps: Count.optional(),
    message: z.string().max(500).optional(),
  })
  .meta({ id: 'RunHeartbeat' })
export type RunHeartbeat = z.infer<typeof RunHeartbeat>

export const RunHeartbeatAnswer = z.object({ stop: z.boolean() }).meta({ id: 'RunHeartbeatAnswer' })

export const RunFinish = z
  .object({
    attempt: z.number().int().min(1),
    reason: z.enum(END_REASONS),
    exit_code: z.number().int().nullish(),
    error: z.string().max(64_000).nullish(),
    /** When it really ended, for runs that are told afterwards; now when absent. */
    ended_at: Instant.optional(),
    streams: z
      .array(z.object({ stream: Uid, last_seq: Count }))
      .max(100)
      .default([]),
  })
  .meta({ id: 'RunFinish' })
export type RunFinish = z.infer<typeof RunFinish>

export const RunUsage = z.object({
  kind: z.enum(['dataset', 'tokenizer', 'artifact', 'checkpoint']),
  name: Name,
  version: z.string().max(200).default(''),
  sha256: Sha256.nullish(),
  role: z.string().max(64).nullish(),
})
export const RunInputsInput = z.object({ items: z.array(RunUsage).min(1).max(1000) }).meta({ id: 'RunInputsInput' })
export type RunInputsInput = z.infer<typeof RunInputsInput>

export const Allocation = z.object({
  attempt: z.number().int(),
  device_kind: z.enum(['gpu', 'cpu']),
  device_name: z.string(),
  count: z.number().int(),
  started_at: Instant,
  ended_at: Instant.nullable(),
})

/** Everything the run page shows besides its curves and its console. */
export const RunDetail = Run.extend({
  config: Json,
  /** Config of the run that wrote the parent's checkpoint, to show what differs; null at a root. */
  parent_config: Json.nullable(),
  /** The run itself that wrote it, where the reader may see it. */
  parent_run: z.object({ project: Slug, number: z.number().int(), name: z.string(), environment: Json }).nullable(),
  environment: Json,
  inputs: z.array(RunUsage),
  attempts: z.array(Attempt),
  allocations: z.array(Allocation),
  device_hours: z.number(),
  device_kind: z.string().nullable(),
  wall_s: z.number().nullable(),
  parents: z.array(ExperimentRef.extend({ edge_kind: z.string(), step: Count.nullable() })),
  children: z.array(ExperimentRef.extend({ edge_kind: z.string() })),
  agent: z.string().nullable(),
  job_reason: z.string().nullable(),
  thinned_at: Instant.nullable().meta({ description: 'when raw points of its attempts were dropped by policy' }),
}).meta({ id: 'RunDetail' })
export type RunDetail = z.infer<typeof RunDetail>
