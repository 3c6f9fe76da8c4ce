/** Agents, queues, jobs with their leases and fences, and the pipelines that queued them. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { JOB_STATES } from '../../core/agents/job-states.ts'
import { RUN_KINDS } from '../../core/runs/states.ts'
import { checkpoints } from './checkpoints.ts'
import { count, createdAt, id, instant, oneOf, workspaceId } from './columns.ts'
import { experiments } from './experiments.ts'
import { projects } from './projects.ts'
import { runs } from './runs.ts'
import { workspaces } from './workspaces.ts'

export const agents = pgTable(
  'agents',
  {
    id: id(),
    uid: uuid('uid').notNull().unique().defaultRandom(),
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    /** Raw Ed25519 public key, base64. */
    publicKey: text('public_key').notNull(),
    queues: text('queues').array().notNull(),
    labels: jsonb('labels').$type<Record<string, unknown>>().notNull().default({}),
    recipes: text('recipes').array().notNull().default(sql`'{}'::text[]`),
    slots: integer('slots').notNull().default(1),
    busy: integer('busy').notNull().default(0),
    load: jsonb('load').$type<Record<string, unknown>>().notNull().default({}),
    draining: boolean('draining').notNull().default(false),
    createdAt: createdAt(),
    lastSeenAt: instant('last_seen_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    unique('agents_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'agents_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
  ],
)

export const queues = pgTable(
  'queues',
  {
    id: id(),
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    leaseS: integer('lease_s').notNull().default(60),
    pausedAt: instant('paused_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('queues_name').on(t.workspaceId, t.name),
    unique('queues_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'queues_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
    check('queues_lease', sql`${t.leaseS} between 2 and 3600`),
  ],
)

export const pipelines = pgTable(
  'pipelines',
  {
    id: id(),
    uid: uuid('uid').notNull().unique().defaultRandom(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    name: text('name').notNull(),
    definition: jsonb('definition').$type<unknown>().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('pipelines_in_workspace').on(t.workspaceId, t.id),
    foreignKey({
      name: 'pipelines_project',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
  ],
)

export const jobs = pgTable(
  'jobs',
  {
    id: id(),
    uid: uuid('uid').notNull().unique().defaultRandom(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    queueId: bigint('queue_id', { mode: 'number' }).notNull(),
    pipelineId: bigint('pipeline_id', { mode: 'number' }),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    kind: text('kind', { enum: RUN_KINDS }).notNull(),
    recipe: text('recipe').notNull(),
    params: jsonb('params').$type<Record<string, unknown>>().notNull().default({}),
    state: text('state', { enum: JOB_STATES }).notNull().default('waiting'),
    priority: integer('priority').notNull().default(0),
    attempt: integer('attempt').notNull().default(0),
    maxAttempts: integer('max_attempts').notNull().default(3),
    fence: count('fence').notNull().default(0),
    agentId: bigint('agent_id', { mode: 'number' }),
    leaseUntil: instant('lease_until'),
    runAfter: instant('run_after').notNull().defaultNow(),
    timeoutS: integer('timeout_s').notNull().default(86_400),
    progressStep: count('progress_step'),
    progressTotal: count('progress_total'),
    reason: text('reason').notNull().default(''),
    exitCode: integer('exit_code'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  },
  (t) => [
    unique('jobs_in_workspace').on(t.workspaceId, t.id),
    index('jobs_claim').on(t.queueId, t.priority.desc(), t.id).where(sql`state = 'queued'`),
    index('jobs_leases').on(t.leaseUntil).where(sql`state in ('leased', 'running', 'canceling')`),
    index('jobs_experiment').on(t.experimentId),
    index('jobs_pipeline').on(t.pipelineId),
    index('jobs_run_id').on(t.runId),
    foreignKey({
      name: 'jobs_project',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    foreignKey({
      name: 'jobs_queue',
      columns: [t.workspaceId, t.queueId],
      foreignColumns: [queues.workspaceId, queues.id],
    }),
    foreignKey({
      name: 'jobs_pipeline_fk',
      columns: [t.workspaceId, t.pipelineId],
      foreignColumns: [pipelines.workspaceId, pipelines.id],
    }),
    foreignKey({
      name: 'jobs_experiment_fk',
      columns: [t.workspaceId, t.projectId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.projectId, experiments.id],
    }),
    foreignKey({
      name: 'jobs_run',
      columns: [t.workspaceId, t.projectId, t.runId],
      foreignColumns: [runs.workspaceId, runs.projectId, runs.id],
    }),
    foreignKey({
      name: 'jobs_agent',
      columns: [t.workspaceId, t.agentId],
      foreignColumns: [agents.workspaceId, agents.id],
    }),
    check('jobs_state', oneOf(t.state, JOB_STATES)),
    check('jobs_kind', oneOf(t.kind, RUN_KINDS)),
    check('jobs_attempts', sql`${t.attempt} >= 0 and ${t.maxAttempts} >= 1`),
  ],
)

/** What a job starts from: the checkpoint of an experiment, filled in when it exists. */
export const jobInputs = pgTable(
  'job_inputs',
  {
    workspaceId: workspaceId(),
    jobId: bigint('job_id', { mode: 'number' }).notNull(),
    role: text('role', { enum: ['parent', 'reference', 'target'] }).notNull(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    checkpointId: bigint('checkpoint_id', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.role] }),
    index('job_inputs_experiment').on(t.experimentId),
    foreignKey({
      name: 'job_inputs_job',
      columns: [t.workspaceId, t.jobId],
      foreignColumns: [jobs.workspaceId, jobs.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'job_inputs_experiment_fk',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }),
    foreignKey({
      name: 'job_inputs_checkpoint',
      columns: [t.workspaceId, t.checkpointId],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }),
    check('job_inputs_role', sql`${t.role} in ('parent', 'reference', 'target')`),
  ],
)
