/** The agent protocol and what the agents page shows. */
import * as z from 'zod'
import { JOB_STATES } from '../core/agents/job-states.ts'
import { END_REASONS, RUN_KINDS } from '../core/runs/states.ts'
import { CheckpointFile } from './checkpoints.ts'
import { ExperimentRef } from './experiments.ts'
import { Count, Instant, Json, Name, Slug, Uid } from './words.ts'

const Queue = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/)
const Recipe = z.string().min(1).max(100)

export const AgentLabels = z.looseObject({
  cpus: z.number().int().optional(),
  memory_bytes: Count.optional(),
  cpu_model: z.string().optional(),
  gpus: z.array(z.object({ uuid: z.string(), name: z.string(), memory_bytes: Count.nullable() })).optional(),
  python: z.string().optional(),
  torch: z.string().nullable().optional(),
  matmul_gflops: z.number().nullable().optional(),
  platform: z.string().optional(),
})
export type AgentLabels = z.infer<typeof AgentLabels>

export const AgentRegister = z
  .object({
    name: Name,
    public_key: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be a raw 32-byte Ed25519 key in base64'),
    labels: AgentLabels,
    slots: z.number().int().min(1).max(256).default(1),
    recipes: z.array(Recipe).max(1000).default([]),
  })
  .meta({ id: 'AgentRegister' })
export type AgentRegister = z.infer<typeof AgentRegister>

export const AgentRegistered = z
  .object({ agent_id: Uid, workspace: Slug, queues: z.array(z.string()) })
  .meta({ id: 'AgentRegistered' })
export type AgentRegistered = z.infer<typeof AgentRegistered>

export const AgentTokenRequest = z
  .object({ agent_id: Uid, challenge: z.string().max(500).optional(), signature: z.string().max(200).optional() })
  .meta({ id: 'AgentTokenRequest' })
export type AgentTokenRequest = z.infer<typeof AgentTokenRequest>

export const AgentTokenAnswer = z
  .union([z.object({ challenge: z.string() }), z.object({ token: z.string(), expires_at: Instant })])
  .meta({ id: 'AgentTokenAnswer' })
export type AgentTokenAnswer = z.infer<typeof AgentTokenAnswer>

/** A sample of the machine. What a sensor does not give is null, never an invented value. */
export const AgentLoad = z.looseObject({
  t: Count,
  cpu_pct: z.number().nullable(),
  mem_used_bytes: Count.nullable(),
  mem_total_bytes: Count.nullable(),
  pressure_cpu_some: z.number().nullable(),
  gpus: z
    .array(
      z.looseObject({
        uuid: z.string(),
        util: z.number().nullable(),
        mem_bytes: Count.nullable(),
        power_w: z.number().nullable(),
        temp_c: z.number().nullable(),
      }),
    )
    .default([]),
})
export type AgentLoad = z.infer<typeof AgentLoad>

export const AgentHeartbeat = z
  .object({
    slots: z.number().int().min(1).max(256),
    busy: z.number().int().min(0),
    load: AgentLoad.nullish(),
    jobs: z.array(Uid).max(256).default([]),
    recipes: z.array(Recipe).max(1000).default([]),
    /** Sent when they have changed: what the interpreter says arrives after the registration. */
    labels: AgentLabels.nullish(),
  })
  .meta({ id: 'AgentHeartbeat' })
export type AgentHeartbeat = z.infer<typeof AgentHeartbeat>
export const AgentHeartbeatAnswer = z.object({ drain: z.boolean() }).meta({ id: 'AgentHeartbeatAnswer' })

export const ClaimRequest = z
  .object({
    queues: z.array(Queue).min(1).max(64),
    recipes: z.array(Recipe).min(1).max(1000),
    wait_s: z.number().min(0).max(30).default(0),
  })
  .meta({ id: 'ClaimRequest' })
export type ClaimRequest = z.infer<typeof ClaimRequest>

export const INPUT_ROLES = ['parent', 'reference', 'target'] as const
export const JobInput = z.object({
  role: z.enum(INPUT_ROLES),
  checkpoint: Uid,
  step: Count,
  files: z.array(CheckpointFile),
})

export const Claim = z
  .object({
    job: z.object({
      id: Uid,
      kind: z.enum(RUN_KINDS),
      recipe: z.string(),
      params: Json,
      timeout_s: z.number(),
      project: Slug,
      experiment: z.object({ number: z.number().int(), slug: z.string() }),
      run: Uid,
      inputs: z.array(JobInput),
    }),
    attempt: z.number().int(),
    fence: Count,
    lease_until: Instant,
    lease_s: z.number(),
    heartbeat_s: z.number(),
    job_token: z.string(),
    resume_from: z.object({ checkpoint: Uid, step: Count, files: z.array(CheckpointFile) }).nullable(),
  })
  .meta({ id: 'Claim' })
export type Claim = z.infer<typeof Claim>

export const JobHeartbeat = z
  .object({
    attempt: z.number().int().min(1),
    fence: Count,
    state: z.enum(['leased', 'running']),
    progress: z.object({ step: Count, total_steps: Count.nullish() }).nullish(),
  })
  .meta({ id: 'JobHeartbeat' })
export type JobHeartbeat = z.infer<typeof JobHeartbeat>
export const JobHeartbeatAnswer = z
  .object({ lease_until: Instant, cancel: z.boolean(), stop: z.boolean() })
  .meta({ id: 'JobHeartbeatAnswer' })
export type JobHeartbeatAnswer = z.infer<typeof JobHeartbeatAnswer>

export const JobFinish = z
  .object({
    attempt: z.number().int().min(1),
    fence: Count,
    exit_code: z.number().int().nullable(),
    signal: z.string().max(32).nullish(),
    reason: z.enum(END_REASONS),
    message: z.string().max(4000).default(''),
  })
  .meta({ id: 'JobFinish' })
export type JobFinish = z.infer<typeof JobFinish>

export const JobRelease = z
  .object({
    attempt: z.number().int().min(1),
    fence: Count,
    /** The checkpoint of `resume_from` whose files did not hash right: the next attempt resumes from the one before. */
    bad_checkpoint: Uid.optional(),
  })
  .meta({ id: 'JobRelease' })
export type JobRelease = z.infer<typeof JobRelease>

export const Job = z
  .object({
    id: Uid,
    kind: z.enum(RUN_KINDS),
    recipe: z.string(),
    queue: z.string(),
    state: z.enum(JOB_STATES),
    reason: z.string().meta({ description: 'why it waits or how it ended, as a sentence' }),
    held_by: z
      .object({ number: z.number().int(), name: z.string() })
      .nullable()
      .meta({ description: 'the stage of the same project whose gate holds it up; null: none does' }),
    project: Slug,
    experiment: ExperimentRef,
    run: z.object({ uid: Uid, number: z.number().int(), name: z.string() }),
    agent: z.string().nullable(),
    attempt: z.number().int(),
    max_attempts: z.number().int(),
    fence: Count,
    lease_until: Instant.nullable(),
    progress: z.object({ step: Count, total_steps: Count.nullable() }).nullable(),
    exit_code: z.number().int().nullable(),
    created_at: Instant,
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
  })
  .meta({ id: 'Job' })
export type Job = z.infer<typeof Job>

export const Agent = z
  .object({
    id: Uid,
    name: z.string(),
    online: z.boolean(),
    queues: z.array(z.string()),
    recipes: z.array(z.string()),
    labels: AgentLabels,
    slots: z.number().int(),
    busy: z.number().int(),
    draining: z.boolean(),
    load: AgentLoad.nullable(),
    last_seen_at: Instant.nullable(),
    registered_at: Instant,
    revoked: z.boolean(),
  })
  .meta({ id: 'Agent' })
export type Agent = z.infer<typeof Agent>

/** The agents page: machines, what runs, what waits and why. */
export const AgentsPage = z
  .object({
    agents: z.array(Agent),
    running: z.array(Job),
    waiting: z.array(Job),
    recent: z.array(Job),
    queues: z.array(
      z.object({ name: z.string(), paused: z.boolean(), waiting: z.number().int(), running: z.number().int() }),
    ),
  })
  .meta({ id: 'AgentsPage' })
export type AgentsPage = z.infer<typeof AgentsPage>
