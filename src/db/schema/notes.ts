/** Notes in Markdown on runs, experiments, charts and cells of a matrix. */
import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { NOTE_SUBJECTS } from '../../core/notes/places.ts'
import { createdAt, id, oneOf, workspaceId } from './columns.ts'
import { experiments } from './experiments.ts'
import { projects } from './projects.ts'
import { runs } from './runs.ts'

/** Append-only: each text is a revision of its own, the highest is what holds; an empty one says that the note was taken away. */
export const notes = pgTable(
  'notes',
  {
    id: id(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    subject: text('subject', { enum: NOTE_SUBJECTS }).notNull(),
    /** `notePlace` of the subject. */
    place: text('place').notNull(),
    runId: bigint('run_id', { mode: 'number' }),
    experimentId: bigint('experiment_id', { mode: 'number' }),
    /** 1 for the first. Two who write over the same revision cannot both be the next. */
    revision: integer('revision').notNull(),
    /** Markdown. */
    body: text('body').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('notes_revision').on(t.projectId, t.place, t.revision),
    index('notes_run_id').on(t.runId).where(sql`run_id is not null`),
    foreignKey({
      name: 'notes_project',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    foreignKey({
      name: 'notes_run',
      columns: [t.workspaceId, t.projectId, t.runId],
      foreignColumns: [runs.workspaceId, runs.projectId, runs.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'notes_experiment',
      columns: [t.workspaceId, t.projectId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.projectId, experiments.id],
    }).onDelete('cascade'),
    check('notes_subject', oneOf(t.subject, NOTE_SUBJECTS)),
    check('notes_run_of_subject', sql`(${t.subject} = 'run') = (${t.runId} is not null)`),
    check('notes_experiment_of_subject', sql`(${t.subject} = 'experiment') = (${t.experimentId} is not null)`),
    check('notes_first', sql`${t.revision} >= 1`),
  ],
)
