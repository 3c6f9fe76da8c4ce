/** Workspaces (the tenants), their members, and old names that redirect. */
import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { ROLES } from '../../core/roles/permissions.ts'
import { count, createdAt, id, isSlug, oneOf, workspaceId } from './columns.ts'

export const workspaces = pgTable(
  'workspaces',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    slug: text('slug').notNull().unique(),
    name: text('name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [check('workspaces_slug', isSlug(t.slug))],
)

export const members = pgTable(
  'members',
  {
    workspaceId: integer('workspace_id')
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.userId] }),
    index('members_user').on(t.userId),
    check('members_role', oneOf(t.role, ROLES)),
  ],
)

/** Old slugs and numbers: they go on pointing at what they named. */
export const aliases = pgTable(
  'aliases',
  {
    id: id(),
    workspaceId: workspaceId().references(() => workspaces.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: ['workspace', 'project', 'experiment', 'run'] }).notNull(),
    /** The project's slug at the time, for names that are unique in a project; '' otherwise. */
    project: text('project').notNull().default(''),
    name: text('name').notNull(),
    targetId: count('target_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('aliases_name').on(t.workspaceId, t.kind, t.project, t.name),
    index('aliases_target').on(t.workspaceId, t.kind, t.targetId),
    check('aliases_kind', sql`${t.kind} in ('workspace', 'project', 'experiment', 'run')`),
  ],
)
