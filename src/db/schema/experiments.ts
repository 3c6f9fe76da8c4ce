/** Experiments: the nodes of a lineage, with their data mixture. */
import { sql } from 'drizzle-orm'
import { bigint, boolean, check, foreignKey, integer, jsonb, numeric, pgTable, text, unique } from 'drizzle-orm/pg-core'
import type { Adapter, Parallelism, Plan, Precision, RootDetail } from '../../core/experiments/fields.ts'
import type { Mitigation } from '../../core/experiments/mitigations.ts'
import { ROOT_KINDS, STAGE_GOALS, STAGE_KINDS } from '../../core/experiments/stage-kinds.ts'
import { count, createdAt, id, instant, isSlug, oneOf, workspaceId } from './columns.ts'
import { datasetVersions } from './datasets.ts'
import { projects } from './projects.ts'

export const experiments = pgTable(
  'experiments',
  {
    id: id(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    number: integer('number').notNull(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    stageKind: text('stage_kind', { enum: STAGE_KINDS }).notNull(),
    /** Where runs land whose client knows no stages. One per project; needs neither root nor parent. */
    isUnstaged: boolean('is_unstaged').notNull().default(false),
    method: text('method'),
    goal: text('goal', { enum: STAGE_GOALS }),
    purpose: text('purpose').notNull().default(''),
    objective: text('objective'),
    lossMask: text('loss_mask', { enum: ['all', 'response'] }),
    parallelism: jsonb('parallelism').$type<Parallelism>(),
    precision: jsonb('precision').$type<Precision>(),
    plan: jsonb('plan').$type<Plan>(),
    adapter: jsonb('adapter').$type<Adapter>(),
    params: count('params'),
    rootKind: text('root_kind', { enum: ROOT_KINDS }),
    root: jsonb('root').$type<RootDetail>(),
    /** Who answers for the stage, and the team that made it; null: nobody said. */
    owner: text('owner'),
    team: text('team'),
    /** What people say was done against forgetting; null: what its mixture, method and config say. */
    mitigations: jsonb('mitigations').$type<Mitigation[]>(),
    /** The template with which the model was tuned to talk; null: that of the stages it comes from. */
    chatTemplate: text('chat_template'),
    pinnedCheckpointId: count('pinned_checkpoint_id'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    archivedAt: instant('archived_at'),
  },
  (t) => [
    unique('experiments_number').on(t.projectId, t.number),
    unique('experiments_slug').on(t.projectId, t.slug),
    unique('experiments_in_workspace').on(t.workspaceId, t.id),
    unique('experiments_in_project').on(t.workspaceId, t.projectId, t.id),
    foreignKey({
      name: 'experiments_project',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check('experiments_slug_form', isSlug(t.slug)),
    check('experiments_stage_kind', oneOf(t.stageKind, STAGE_KINDS)),
    check('experiments_goal', oneOf(t.goal, STAGE_GOALS)),
    check('experiments_loss_mask', sql`${t.lossMask} in ('all', 'response')`),
    check('experiments_root_kind', oneOf(t.rootKind, ROOT_KINDS)),
    check('experiments_params', sql`${t.params} > 0 and ${t.params} < 9007199254740992`),
  ],
)

/** The data that a stage reads; shares of one experiment sum to 1 ± 0.001 (a trigger holds that at commit). */
export const mixtureSources = pgTable(
  'mixture_sources',
  {
    id: id(),
    workspaceId: workspaceId(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    position: integer('position').notNull(),
    source: text('source').notNull(),
    role: text('role').notNull().default('other'),
    /** The unit in which people count this data: pairs, documents, examples, comparisons, tokens. */
    nativeUnit: text('native_unit'),
    nativeCount: count('native_count'),
    tokens: count('tokens'),
    share: numeric('share', { precision: 9, scale: 6 }).notNull(),
    datasetVersionId: bigint('dataset_version_id', { mode: 'number' }),
  },
  (t) => [
    unique('mixture_sources_position').on(t.experimentId, t.position),
    foreignKey({
      name: 'mixture_sources_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'mixture_sources_dataset',
      columns: [t.workspaceId, t.datasetVersionId],
      foreignColumns: [datasetVersions.workspaceId, datasetVersions.id],
    }),
    check('mixture_sources_share', sql`${t.share} >= 0 and ${t.share} <= 1`),
    check('mixture_sources_counts', sql`${t.tokens} >= 0 and ${t.tokens} < 9007199254740992 and ${t.nativeCount} >= 0`),
  ],
)
