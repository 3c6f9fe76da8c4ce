/** Benchmarks (what is measured), protocols (how), evaluations (one value on one checkpoint) and their items. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  date,
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
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { BENCHMARK_KINDS, BENCHMARK_USES } from '../../core/evaluations/benchmarks.ts'
import { FACETS } from '../../core/evaluations/facets.ts'
import { GAIN_LABELS } from '../../core/evaluations/gain-label.ts'
import type { EvaluationItem } from '../../core/evaluations/items.ts'
import type { ItemList } from '../../core/evaluations/packed-items.ts'
import { PARTS } from '../../core/evaluations/paired-parts.ts'
import type { ProtocolFields, SoftFields } from '../../core/evaluations/protocol.ts'
import { checkpoints } from './checkpoints.ts'
import { bytes, count, createdAt, id, instant, isSlug, oneOf, workspaceId } from './columns.ts'
import { workspaces } from './workspaces.ts'

export const protocols = pgTable(
  'protocols',
  {
    id: id(),
    workspaceId: workspaceId(),
    /** SHA-256 over the hard fields; decides comparability. */
    fingerprint: text('fingerprint').notNull(),
    fields: jsonb('fields').$type<ProtocolFields>().notNull(),
    /** What people call it; '' until somebody names it. */
    name: text('name').notNull().default(''),
    note: text('note').notNull().default(''),
    createdAt: createdAt(),
  },
  (t) => [
    unique('protocols_fingerprint').on(t.workspaceId, t.fingerprint),
    unique('protocols_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'protocols_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
  ],
)

export const benchmarks = pgTable(
  'benchmarks',
  {
    id: id(),
    workspaceId: workspaceId(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    /** The group of abilities that it measures; '' for one that a stage named before anybody defined it. */
    category: text('category').notNull(),
    /** Whether it steers development or was kept unseen; null: nobody said. */
    use: text('use', { enum: BENCHMARK_USES }),
    kind: text('kind', { enum: BENCHMARK_KINDS }).notNull(),
    /** +1: higher is better; −1: lower is better. */
    orientation: smallint('orientation').notNull(),
    chance: doublePrecision('chance'),
    best: doublePrecision('best'),
    unit: text('unit'),
    /** The smallest change that matters, in its own scale; null: the default of its kind. */
    margin: doublePrecision('margin'),
    description: text('description').notNull().default(''),
    /** The benchmark that shows a safety benchmark's over-refusal. */
    twinId: bigint('twin_id', { mode: 'number' }),
    /** What a gain on it shows; null: what its category says. */
    gain: text('gain', { enum: GAIN_LABELS }),
    /** The last day on which its answers hold; null: nobody said. */
    validUntil: date('valid_until', { mode: 'string' }),
    /** The domain of which it measures a facet, or all four by a label of its items where `facet` is null. */
    domain: text('domain'),
    facet: text('facet', { enum: FACETS }),
    /** What it measures of a task whose other side `pair_id` measures; both rows of a pair name each other. */
    part: text('part', { enum: PARTS }),
    pairId: bigint('pair_id', { mode: 'number' }),
    /** The one that a person set; null: that of the newest cell. */
    defaultProtocolId: bigint('default_protocol_id', { mode: 'number' }),
    createdAt: createdAt(),
  },
  (t) => [
    unique('benchmarks_slug').on(t.workspaceId, t.slug),
    unique('benchmarks_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'benchmarks_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
    foreignKey({
      name: 'benchmarks_twin',
      columns: [t.workspaceId, t.twinId],
      foreignColumns: [t.workspaceId, t.id],
    }),
    foreignKey({
      name: 'benchmarks_pair',
      columns: [t.workspaceId, t.pairId],
      foreignColumns: [t.workspaceId, t.id],
    }),
    unique('benchmarks_pair_once').on(t.pairId),
    foreignKey({
      name: 'benchmarks_default_protocol',
      columns: [t.workspaceId, t.defaultProtocolId],
      foreignColumns: [protocols.workspaceId, protocols.id],
    }),
    check('benchmarks_slug_form', isSlug(t.slug)),
    check('benchmarks_use', oneOf(t.use, BENCHMARK_USES)),
    check('benchmarks_margin', sql`${t.margin} > 0`),
    check('benchmarks_twin_other', sql`${t.twinId} <> ${t.id}`),
    check('benchmarks_gain', oneOf(t.gain, GAIN_LABELS)),
    check('benchmarks_facet', oneOf(t.facet, FACETS)),
    check('benchmarks_facet_of_domain', sql`${t.facet} is null or ${t.domain} is not null`),
    check('benchmarks_part', oneOf(t.part, PARTS)),
    check('benchmarks_part_of_pair', sql`(${t.part} is null) = (${t.pairId} is null)`),
    check('benchmarks_pair_other', sql`${t.pairId} <> ${t.id}`),
    check('benchmarks_orientation', sql`${t.orientation} in (1, -1)`),
    check('benchmarks_kind', oneOf(t.kind, BENCHMARK_KINDS)),
  ],
)

/** Append-only: same checkpoint, benchmark, metric, fingerprint, variant and seed, and the newer supersedes the older. */
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
    /** '' for the checkpoint as it is; else what was done to get the most from it, such as "best prompt". */
    variant: text('variant').notNull().default(''),
    score: doublePrecision('score').notNull(),
    scale: integer('scale').notNull().default(1),
    /** Null: missing, never zero. */
    stderr: doublePrecision('stderr'),
    /** Null: missing, and `n_missing` says why. */
    n: integer('n'),
    nMissing: text('n_missing'),
    nClusters: integer('n_clusters'),
    source: text('source').notNull().default(''),
    /** The record of a file that it was read from; a second import of that record changes nothing. */
    importedFrom: jsonb('imported_from').$type<ImportedFrom>(),
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
    index('evaluations_standing')
      .on(t.projectId, t.benchmarkId, t.checkpointId)
      .where(sql`status = 'complete' and superseded_by is null`),
    index('evaluations_variants').on(t.checkpointId).where(sql`variant <> ''`),
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
    uniqueIndex('evaluations_imported')
      .on(t.checkpointId, sql`(imported_from->>'sha256')`, sql`(imported_from->>'record')`)
      .where(sql`imported_from is not null`),
    check(
      'evaluations_n',
      sql`case when ${t.n} is null then coalesce(${t.nMissing}, '') <> '' else ${t.n} > 0 and ${t.nMissing} is null end`,
    ),
    check('evaluations_scale', sql`${t.scale} in (1, 100)`),
    check('evaluations_stderr', sql`${t.stderr} is null or ${t.stderr} >= 0`),
    check('evaluations_status', sql`${t.status} in ('open', 'complete')`),
  ],
)

/** Where an imported evaluation came from. */
export interface ImportedFrom {
  /** The importer's name of the format. */
  kind: string
  file: string
  sha256: string
  record: string
}

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

/** Which items an evaluation has, once for all evaluations of the same ones: equal lists pair by position. */
export const itemLists = pgTable(
  'item_lists',
  {
    id: id(),
    workspaceId: workspaceId(),
    benchmarkId: bigint('benchmark_id', { mode: 'number' }).notNull(),
    /** Over ids, trials and clusters. */
    sha256: text('sha256').notNull(),
    n: integer('n').notNull(),
    ids: jsonb('ids').$type<ItemList['ids']>().notNull(),
    trials: jsonb('trials').$type<ItemList['trials']>(),
    clusters: jsonb('clusters').$type<ItemList['clusters']>(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('item_lists_sha256').on(t.benchmarkId, t.sha256),
    unique('item_lists_in_workspace').on(t.workspaceId, t.id),
    foreignKey({
      name: 'item_lists_benchmark',
      columns: [t.workspaceId, t.benchmarkId],
      foreignColumns: [benchmarks.workspaceId, benchmarks.id],
    }),
  ],
)

/** What came out for the items of a complete evaluation, packed (core/evaluations/packed-items.ts). */
export const packedItems = pgTable(
  'packed_items',
  {
    workspaceId: workspaceId(),
    evaluationId: bigint('evaluation_id', { mode: 'number' }).primaryKey(),
    listId: bigint('list_id', { mode: 'number' }).notNull(),
    bytes: bytes('bytes').notNull(),
  },
  (t) => [
    index('packed_items_list').on(t.listId),
    foreignKey({
      name: 'packed_items_evaluation',
      columns: [t.workspaceId, t.evaluationId],
      foreignColumns: [evaluations.workspaceId, evaluations.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'packed_items_list_fk',
      columns: [t.workspaceId, t.listId],
      foreignColumns: [itemLists.workspaceId, itemLists.id],
    }),
  ],
)

/**
 * Checkpoints with evaluations, kept in step by triggers (migration 0020): how many stand, and a number that is another one whenever
 * others stand. A matrix asks both of a thousand checkpoints at once, which have a hundred thousand evaluations.
 */
export const measuredCheckpoints = pgTable(
  'measured_checkpoints',
  {
    workspaceId: workspaceId(),
    checkpointId: bigint('checkpoint_id', { mode: 'number' }).primaryKey(),
    standing: integer('standing').notNull(),
    version: bigint('version', { mode: 'number' }).notNull(),
  },
  (t) => [
    foreignKey({
      name: 'measured_checkpoints_checkpoint',
      columns: [t.workspaceId, t.checkpointId],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }).onDelete('cascade'),
  ],
)

/** Append-only: what people changed of a benchmark or a protocol, field by field. */
export const definitionEdits = pgTable(
  'definition_edits',
  {
    id: id(),
    workspaceId: workspaceId(),
    benchmarkId: bigint('benchmark_id', { mode: 'number' }),
    protocolId: bigint('protocol_id', { mode: 'number' }),
    field: text('field').notNull(),
    before: jsonb('before').$type<string | number | boolean>(),
    after: jsonb('after').$type<string | number | boolean>(),
    editedBy: text('edited_by').notNull(),
    editedAt: createdAt(),
  },
  (t) => [
    index('definition_edits_benchmark').on(t.benchmarkId),
    index('definition_edits_protocol').on(t.protocolId),
    foreignKey({
      name: 'definition_edits_benchmark_fk',
      columns: [t.workspaceId, t.benchmarkId],
      foreignColumns: [benchmarks.workspaceId, benchmarks.id],
    }),
    foreignKey({
      name: 'definition_edits_protocol_fk',
      columns: [t.workspaceId, t.protocolId],
      foreignColumns: [protocols.workspaceId, protocols.id],
    }),
    check('definition_edits_of_one', sql`(${t.benchmarkId} is null) <> (${t.protocolId} is null)`),
  ],
)
