/** Battles: which of two answers to one prompt a person or a judge model preferred. */
import { sql } from 'drizzle-orm'
import { bigint, check, doublePrecision, foreignKey, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { RATER_KINDS, WINNERS } from '../../core/preferences/battles.ts'
import { checkpoints } from './checkpoints.ts'
import { createdAt, id, instant, oneOf, workspaceId } from './columns.ts'
import { projects } from './projects.ts'

/** Append-only. A side is a checkpoint of the project, or a model that has none here, by its name and version. */
export const battles = pgTable(
  'battles',
  {
    id: id(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    /** What its sender calls it: the same name is the same battle. */
    name: text('name').notNull(),
    checkpointA: bigint('checkpoint_a', { mode: 'number' }),
    modelA: text('model_a'),
    checkpointB: bigint('checkpoint_b', { mode: 'number' }),
    modelB: text('model_b'),
    winner: text('winner', { enum: WINNERS }).notNull(),
    prompt: text('prompt').notNull(),
    category: text('category').notNull().default(''),
    rater: text('rater').notNull(),
    raterKind: text('rater_kind', { enum: RATER_KINDS }).notNull(),
    /** Name and version, or a hash, of what a judge model was asked with. */
    judgePrompt: text('judge_prompt'),
    /** Which answer was shown first; null: not told. */
    first: text('first', { enum: ['a', 'b'] }),
    lengthA: doublePrecision('length_a'),
    lengthB: doublePrecision('length_b'),
    judgedAt: instant('judged_at'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('battles_name').on(t.projectId, t.name),
    index('battles_project').on(t.projectId, t.id),
    index('battles_checkpoint_a').on(t.checkpointA),
    index('battles_checkpoint_b').on(t.checkpointB),
    foreignKey({
      name: 'battles_project_fk',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    foreignKey({
      name: 'battles_checkpoint_a_fk',
      columns: [t.workspaceId, t.checkpointA],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }),
    foreignKey({
      name: 'battles_checkpoint_b_fk',
      columns: [t.workspaceId, t.checkpointB],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }),
    check(
      'battles_sides',
      sql`(${t.checkpointA} is null) <> (${t.modelA} is null) and (${t.checkpointB} is null) <> (${t.modelB} is null)`,
    ),
    check(
      'battles_two_models',
      sql`${t.checkpointA} is distinct from ${t.checkpointB} or ${t.modelA} is distinct from ${t.modelB}`,
    ),
    check('battles_winner', oneOf(t.winner, WINNERS)),
    check('battles_rater_kind', oneOf(t.raterKind, RATER_KINDS)),
    check('battles_first', sql`${t.first} in ('a', 'b')`),
    check('battles_lengths', sql`${t.lengthA} >= 0 and ${t.lengthB} >= 0`),
  ],
)
