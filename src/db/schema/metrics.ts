/** The metrics store: key dictionary and summary (control plane), and the data plane, whose keys begin with run_id and which has no foreign key. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  customType,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytes, count, createdAt, instant, workspaceId } from './columns.ts'
import { workspaces } from './workspaces.ts'

const int8multirange = customType<{ data: string; driverData: string }>({ dataType: () => 'int8multirange' })
const runId = () => bigint('run_id', { mode: 'number' }).notNull()

/** Metric names are numbered per workspace, so that a run can move and a chart can join projects. */
export const metricKeys = pgTable(
  'metric_keys',
  {
    workspaceId: workspaceId().references(() => workspaces.id),
    id: integer('id').notNull(),
    name: text('name').notNull(),
    /** Which values are better, where somebody said so: `lower` or `higher`; else it is told from the name. */
    orientation: text('orientation'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), unique('metric_keys_name').on(t.workspaceId, t.name)],
)

/** The data plane's own word on who may write. state: 0 open, 1 finished, 2 deleted. */
export const metricRun = pgTable('metric_run', {
  runId: bigint('run_id', { mode: 'number' }).primaryKey(),
  fence: count('fence').notNull().default(0),
  attempt: integer('attempt').notNull().default(1),
  state: smallint('state').notNull().default(0),
})

/** Where each attempt begins; given once, when the attempt starts. */
export const metricAttempt = pgTable(
  'metric_attempt',
  { runId: runId(), attempt: integer('attempt').notNull(), firstStep: count('first_step').notNull().default(0) },
  (t) => [primaryKey({ columns: [t.runId, t.attempt] })],
)

/** The durable log: one row per posted batch, all keys. Stream −attempt holds carry rows written by the seal. */
export const metricTail = pgTable(
  'metric_tail',
  {
    runId: runId(),
    stream: integer('stream').notNull(),
    seq: count('seq').notNull(),
    nPoints: integer('n_points').notNull(),
    receivedAt: instant('received_at').notNull(),
    data: bytes('data').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.stream, t.seq] })],
)

/** One per writing process of a run; stream ids grow from 1. last_seq is set by close. */
export const metricStream = pgTable(
  'metric_stream',
  {
    runId: runId(),
    stream: integer('stream').notNull(),
    clientId: uuid('client_id').notNull(),
    attempt: integer('attempt').notNull(),
    lastSeq: count('last_seq'),
    sealed: int8multirange('sealed').notNull().default(sql`'{}'::int8multirange`),
  },
  (t) => [primaryKey({ columns: [t.runId, t.stream] }), unique('metric_stream_client').on(t.runId, t.clientId)],
)

/** One row per run that was ever sealed, through which its seal is locked. */
export const metricSeal = pgTable('metric_seal', {
  runId: bigint('run_id', { mode: 'number' }).primaryKey(),
  /** Grows with each seal. */
  version: count('version').notNull().default(0),
  /** Grows with each seal that changed or deleted a block; others only added some. */
  rewrites: count('rewrites').notNull().default(0),
  /** When the newest sealed batch was received: its row in the tail is gone. */
  receivedAt: instant('received_at'),
})

/**
 * Sealed points: level 0 raw, level k ≥ 1 buckets of 8^k points. Blocks of metric 0 are axes that blocks of the same run, attempt and
 * level share. flags: `src/core/blocks/flags.ts`.
 */
export const metricBlock = pgTable(
  'metric_block',
  {
    runId: runId(),
    metricId: integer('metric_id').notNull(),
    attempt: integer('attempt').notNull(),
    level: smallint('level').notNull(),
    no: integer('no').notNull(),
    n: integer('n').notNull(),
    step0: count('step0').notNull(),
    step1: count('step1').notNull(),
    t0: count('t0').notNull(),
    t1: count('t1').notNull(),
    flags: smallint('flags').notNull(),
    /** Number of the axis block that this block shares; null when it has its own. */
    axis: integer('axis'),
    data: bytes('data').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.metricId, t.attempt, t.level, t.no] })],
)

/** Block arithmetic per series, and the summary of what is sealed of it; extremes are over finite values. */
export const metricSeries = pgTable(
  'metric_series',
  {
    runId: runId(),
    metricId: integer('metric_id').notNull(),
    attempt: integer('attempt').notNull(),
    n: count('n').notNull(),
    blocks: integer('blocks').notNull(),
    /** Blocks 0 … levelled−1 have levels: all, or all but a short last one. */
    levelled: integer('levelled').notNull(),
    step0: count('step0').notNull(),
    step1: count('step1').notNull(),
    t0: count('t0').notNull(),
    t1: count('t1').notNull(),
    firstValue: doublePrecision('first_value').notNull(),
    lastValue: doublePrecision('last_value').notNull(),
    lastT: count('last_t').notNull(),
    vmin: doublePrecision('vmin'),
    vminStep: count('vmin_step'),
    vmax: doublePrecision('vmax'),
    vmaxStep: count('vmax_step'),
  },
  (t) => [primaryKey({ columns: [t.runId, t.metricId, t.attempt] })],
)

/** Console lines, in chunks, on streams of their own. */
export const consoleChunk = pgTable(
  'console_chunk',
  {
    runId: runId(),
    stream: integer('stream').notNull(),
    seq: count('seq').notNull(),
    attempt: integer('attempt').notNull(),
    firstLine: count('first_line').notNull(),
    nLines: integer('n_lines').notNull(),
    t0: count('t0').notNull(),
    t1: count('t1').notNull(),
    data: bytes('data').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.stream, t.seq] }), index('console_chunk_lines').on(t.runId, t.firstLine)],
)

/** A summary, written behind and rebuilt from tail and blocks after a crash; it lives with the control plane. */
export const metricLatest = pgTable(
  'metric_latest',
  {
    runId: runId(),
    metricId: integer('metric_id').notNull(),
    projectId: integer('project_id').notNull(),
    step: count('step'),
    t: count('t'),
    value: doublePrecision('value'),
    firstStep: count('first_step'),
    firstValue: doublePrecision('first_value'),
    vmin: doublePrecision('vmin'),
    vminStep: count('vmin_step'),
    vmax: doublePrecision('vmax'),
    vmaxStep: count('vmax_step'),
    n: count('n').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.metricId] }),
    index('metric_latest_project').on(t.projectId, t.metricId, t.runId),
  ],
)
