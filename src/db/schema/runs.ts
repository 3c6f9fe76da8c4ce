/** Runs, their attempts, what they used, and the hardware they held. */
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
import { END_REASONS, RUN_KINDS, RUN_STATES } from '../../core/runs/states.ts'
import { count, createdAt, id, instant, oneOf, workspaceId } from './columns.ts'
import { experiments } from './experiments.ts'
import { projects } from './projects.ts'

export const runs = pgTable(
  'runs',
  {
    id: id(),
    /** Outside; its 32 hex digits serve other trackers' clients. */
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    number: integer('number').notNull(),
    name: text('name').notNull(),
    kind: text('kind', { enum: RUN_KINDS }).notNull().default('train'),
    state: text('state', { enum: RUN_STATES }).notNull().default('queued'),
    config: jsonb('config').$type<Record<string, unknown>>().notNull().default({}),
    environment: jsonb('environment').$type<Record<string, unknown>>().notNull().default({}),
    seed: count('seed'),
    /** Null: nobody told one; empty: a person took it away, and its program does not bring it back. */
    runGroup: text('run_group'),
    tags: text('tags').array().notNull().default(sql`'{}'::text[]`),
    message: text('message').notNull().default(''),
    /** The newest text of its note, in Markdown, so that a search reads it beside name and tags. */
    note: text('note').notNull().default(''),
    /** Marked by somebody as one to come back to; the same for all. */
    isStarred: boolean('is_starred').notNull().default(false),
    /** Put aside: left out of lists and charts unless asked for. */
    archivedAt: instant('archived_at'),
    lastStep: count('last_step'),
    totalSteps: count('total_steps'),
    tokens: count('tokens'),
    createdBy: text('created_by').notNull(),
    /** The key that made it: an ingest key reads back only its own runs. */
    createdByKey: bigint('created_by_key', { mode: 'number' }),
    createdAt: createdAt(),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
    lastContactAt: instant('last_contact_at'),
    stopRequestedAt: instant('stop_requested_at'),
    deletedAt: instant('deleted_at'),
    /** Somebody asked to delete it for good without waiting for the end of the grace time. */
    purgeRequestedAt: instant('purge_requested_at'),
    /** From then on there is no way back. */
    purgeStartedAt: instant('purge_started_at'),
    /** Rows of the data plane to delete, counted at the start, and how many are gone. */
    purgeRows: count('purge_rows'),
    purgeRowsDone: count('purge_rows_done').notNull().default(0),
    /** Its data is gone; what stays of it is that it was there. */
    purgedAt: instant('purged_at'),
    /** The second look, for a batch that slipped in, is over. */
    purgeCheckedAt: instant('purge_checked_at'),
    /** Points of attempts up to `thinnedAttempt` are refused from then on. */
    thinningAt: instant('thinning_at'),
    /** Raw points of attempts up to `thinnedAttempt` are gone; their levels of detail stay. */
    thinnedAt: instant('thinned_at'),
    thinnedAttempt: integer('thinned_attempt'),
  },
  (t) => [
    unique('runs_number').on(t.projectId, t.number),
    unique('runs_in_workspace').on(t.workspaceId, t.id),
    unique('runs_in_project').on(t.workspaceId, t.projectId, t.id),
    index('runs_experiment').on(t.experimentId),
    index('runs_to_purge').on(t.deletedAt).where(sql`deleted_at is not null and purge_checked_at is null`),
    index('runs_open').on(t.lastContactAt).where(sql`state in ('queued', 'running', 'lost')`),
    foreignKey({
      name: 'runs_project',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    foreignKey({
      name: 'runs_experiment_fk',
      columns: [t.workspaceId, t.projectId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.projectId, experiments.id],
    }),
    check('runs_state', oneOf(t.state, RUN_STATES)),
    check('runs_kind', oneOf(t.kind, RUN_KINDS)),
    check('runs_counts', sql`${t.lastStep} >= 0 and ${t.tokens} >= 0 and ${t.tokens} < 9007199254740992`),
  ],
)

export const attempts = pgTable(
  'attempts',
  {
    workspaceId: workspaceId(),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    number: integer('number').notNull(),
    firstStep: count('first_step').notNull().default(0),
    fromCheckpointId: bigint('from_checkpoint_id', { mode: 'number' }),
    host: text('host'),
    agentId: bigint('agent_id', { mode: 'number' }),
    jobId: bigint('job_id', { mode: 'number' }),
    fence: count('fence').notNull().default(0),
    createdAt: createdAt(),
    /** When the training process reported itself; null between claim and start. */
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
    endReason: text('end_reason', { enum: END_REASONS }),
    exitCode: integer('exit_code'),
    error: text('error'),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.number] }),
    index('attempts_times').on(t.workspaceId, t.runId, t.startedAt, t.endedAt),
    foreignKey({
      name: 'attempts_run',
      columns: [t.workspaceId, t.runId],
      foreignColumns: [runs.workspaceId, runs.id],
    }).onDelete('cascade'),
    check('attempts_end_reason', oneOf(t.endReason, END_REASONS)),
    check('attempts_number', sql`${t.number} >= 1 and ${t.firstStep} >= 0`),
  ],
)

/** What a run read: data sets, tokenizers, artifacts, checkpoints, by name, version and hash. */
export const runInputs = pgTable(
  'run_inputs',
  {
    id: id(),
    workspaceId: workspaceId(),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    kind: text('kind', { enum: ['dataset', 'tokenizer', 'artifact', 'checkpoint'] }).notNull(),
    name: text('name').notNull(),
    version: text('version').notNull().default(''),
    sha256: text('sha256'),
    role: text('role'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('run_inputs_name').on(t.runId, t.kind, t.name, t.version),
    foreignKey({
      name: 'run_inputs_run',
      columns: [t.workspaceId, t.runId],
      foreignColumns: [runs.workspaceId, runs.id],
    }).onDelete('cascade'),
    check('run_inputs_kind', sql`${t.kind} in ('dataset', 'tokenizer', 'artifact', 'checkpoint')`),
  ],
)

/** Hardware held from a time to a time by one attempt; device-hours are the sum over these. */
export const allocations = pgTable(
  'allocations',
  {
    id: id(),
    workspaceId: workspaceId(),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    attempt: integer('attempt').notNull(),
    deviceKind: text('device_kind', { enum: ['gpu', 'cpu'] }).notNull(),
    deviceName: text('device_name').notNull(),
    count: integer('count').notNull(),
    deviceUuids: text('device_uuids').array().notNull().default(sql`'{}'::text[]`),
    agentId: bigint('agent_id', { mode: 'number' }),
    provider: text('provider'),
    region: text('region'),
    commitment: text('commitment'),
    /** False when the hardware was told by the client and not by an agent. */
    measured: boolean('measured').notNull().default(true),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('allocations_run').on(t.runId),
    foreignKey({
      name: 'allocations_attempt',
      columns: [t.runId, t.attempt],
      foreignColumns: [attempts.runId, attempts.number],
    }).onDelete('cascade'),
    foreignKey({
      name: 'allocations_run_fk',
      columns: [t.workspaceId, t.runId],
      foreignColumns: [runs.workspaceId, runs.id],
    }).onDelete('cascade'),
    check('allocations_device_kind', sql`${t.deviceKind} in ('gpu', 'cpu')`),
    check('allocations_count', sql`${t.count} > 0`),
    check('allocations_order', sql`${t.endedAt} is null or ${t.endedAt} >= ${t.startedAt}`),
  ],
)
