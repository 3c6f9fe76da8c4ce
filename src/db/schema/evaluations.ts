/** Benchmarks (what is measured), protocols (how), evaluations (one value on one checkpoint) and their items. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { BENCHMARK_KINDS } from '../../core/evaluations/benchmarks.ts'
import type { EvaluationItem } from '../../core/evaluations/items.ts'
import type { ProtocolFields, SoftFields } from '../../core/evaluations/protocol.ts'
import { checkpoints } from './checkpoints.ts'
import { count, createdAt, id, instant, isSlug, oneOf, workspaceId } from './columns.ts'
import { workspaces } from './workspaces.ts'

export const benchmarks = pgTable(
  'benchmarks',
  {
    id: id(),
    workspaceId: workspaceId(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    category: text('category').notNull(),
    kind: text('kind', { enum: BENCHMARK_KINDS }).notNull(),
    /** +1: higher is better; −1: lower is better. */
    orientation: smallint('orientation').notNull(),
    chance: doublePrecision('chance'),
    best: doublePrecision('best'),
    unit: text('unit'),
    description: text('description').notNull().default(''),
    createdAt: createdAt(),
  },
  (t) => [
    unique('benchmarks_slug').on(t.workspaceId, t.slug),
    unique('benchmarks_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'benchmarks_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
    check('benchmarks_slug_form', isSlug(t.slug)),
    check('benchmarks_orientation', sql`${t.orientation} in (1, -1)`),
    check('benchmarks_kind', oneOf(t.kind, BENCHMARK_KINDS)),
  ],
)

export const protocols = pgTable(
  'protocols',
  {
    id: id(),
    workspaceId: workspaceId(),
    /** SHA-256 over the hard fields; decides comparability. */
    fingerprint: text('fingerprint').notNull(),
    fields: jsonb('fields').$type<ProtocolFields>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('protocols_fingerprint').on(t.workspaceId, t.fingerprint),
    unique('protocols_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'protocols_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
  ],
)

/** Append-only: same checkpoint, benchmark, metric, fingerprint and seed, and the newer supersedes the older. */
export const evaluations = pgTable(
  'evaluations',
  {
    id: id(),
    uid: uuid('uid').notNull().unique().defaultRandom(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    checkpointId: bigint('checkpoint_id', { mode: 'number' }).notNull(),
    benchmarkId: bigint('benchmark_id', { mode: 'number' }).notNull(),
    protocolId: bigint('protocol_id', { mode: 'number' }).notNull(),
    soft: jsonb('soft').$type<SoftFields>().notNull().default({}),
    metric: text('metric').notNull(),
    /** Decoding seed; '' for greedy answers. */
    seed: text('seed').notNull().default(''),
    score: doublePrecision('score').notNull(),
    scale: integer('scale').notNull().default(1),
    /** Null: missing, never zero. */
    stderr: doublePrecision('stderr'),
    n: integer('n').notNull(),
    nClusters: integer('n_clusters'),
    source: text('source').notNull().default(''),
    status: text('status', { enum: ['open', 'complete'] })
      .notNull()
      .default('complete'),
    nItems: integer('n_items').notNull().default(0),
    measuredAt: instant('measured_at'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    completedAt: instant('completed_at'),
    supersededBy: count('superseded_by'),
  },
  (t) => [
    unique('evaluations_in_workspace').on(t.workspaceId, t.id),
    index('evaluations_checkpoint').on(t.checkpointId, t.benchmarkId),
    index('evaluations_project').on(t.projectId),
    foreignKey({
      name: 'evaluations_checkpoint_fk',
      columns: [t.workspaceId, t.checkpointId],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }),
    foreignKey({
      name: 'evaluations_benchmark',
      columns: [t.workspaceId, t.benchmarkId],
      foreignColumns: [benchmarks.workspaceId, benchmarks.id],
    }),
    foreignKey({
      name: 'evaluations_protocol',
      columns: [t.workspaceId, t.protocolId],
      foreignColumns: [protocols.workspaceId, protocols.id],
    }),
    check('evaluations_n', sql`${t.n} > 0`),
    check('evaluations_scale', sql`${t.scale} in (1, 100)`),
    check('evaluations_stderr', sql`${t.stderr} is null or ${t.stderr} >= 0`),
    check('evaluations_status', sql`${t.status} in ('open', 'complete')`),
  ],
)

/** One row per part of at most 10,000 items. */
export const evaluationItems = pgTable(
  'evaluation_items',
  {
    workspaceId: workspaceId(),
    evaluationId: bigint('evaluation_id', { mode: 'number' }).notNull(),
    part: integer('part').notNull(),
    n: integer('n').notNull(),
    items: jsonb('items').$type<EvaluationItem[]>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.evaluationId, t.part] }),
    foreignKey({
      name: 'evaluation_items_evaluation',
      columns: [t.workspaceId, t.evaluationId],
      foreignColumns: [evaluations.workspaceId, evaluations.id],
    }).onDelete('cascade'),
    check('evaluation_items_n', sql`${t.n} between 1 and 10000 and ${t.part} >= 1`),
  ],
)
