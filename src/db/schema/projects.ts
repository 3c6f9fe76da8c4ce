/** Projects: a body of work on one model family; each holds a lineage and numbers its experiments and runs. */
import { sql } from 'drizzle-orm'
import { boolean, check, foreignKey, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { createdAt, instant, isSlug, workspaceId } from './columns.ts'
import { workspaces } from './workspaces.ts'

export const projects = pgTable(
  'projects',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    workspaceId: workspaceId(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** True when its content was replayed from a recorded log; screens say so. */
    recorded: boolean('recorded').notNull().default(false),
    nextExperiment: integer('next_experiment').notNull().default(1),
    nextRun: integer('next_run').notNull().default(1),
    createdAt: createdAt(),
    archivedAt: instant('archived_at'),
    /** Raw points of runs that ended more days ago are dropped, their levels of detail kept; null: never. */
    thinAfterDays: integer('thin_after_days'),
  },
  (t) => [
    unique('projects_slug').on(t.workspaceId, t.slug),
    unique('projects_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'projects_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
    check('projects_slug_form', isSlug(t.slug)),
    check('projects_thin_after_days', sql`${t.thinAfterDays} between 7 and 36500`),
  ],
)
