/** Pages as people set them up: saved views, and what each person looked at last. */
import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { VIEW_AUDIENCES, VIEW_PAGES } from '../../core/views/views.ts'
import { users } from './auth.ts'
import { createdAt, id, instant, oneOf, workspaceId } from './columns.ts'
import { projects } from './projects.ts'

export const views = pgTable(
  'views',
  {
    id: id(),
    /** Its name in an address. */
    key: text('key').notNull(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    page: text('page', { enum: VIEW_PAGES }).notNull(),
    audience: text('audience', { enum: VIEW_AUDIENCES }).notNull(),
    /** Null: a link that nobody named. */
    name: text('name'),
    /** The words of the address, in their one form. */
    state: text('state').notNull(),
    /** Grows with each change; two who write over the same one cannot both be the next. */
    revision: integer('revision').notNull().default(1),
    /** Whose it is; null: of a key, hence shared. */
    ownerId: bigint('owner_id', { mode: 'number' }).references(() => users.id, { onDelete: 'cascade' }),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    updatedBy: text('updated_by').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('views_key').on(t.projectId, t.key),
    unique('views_in_project').on(t.workspaceId, t.projectId, t.id),
    index('views_page').on(t.projectId, t.page, t.audience).where(sql`audience <> 'link'`),
    foreignKey({
      name: 'views_project',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check('views_page_form', sql`${t.page} ~ '^[a-z-]{1,40}$'`),
    check('views_audience', oneOf(t.audience, VIEW_AUDIENCES)),
    check('views_named', sql`(${t.audience} = 'link') = (${t.name} is null)`),
    check('views_private_has_owner', sql`${t.audience} <> 'private' or ${t.ownerId} is not null`),
    check('views_revision', sql`${t.revision} >= 1`),
  ],
)

/** What somebody saw last of a page, so that it opens as it was left. */
export const lastViews = pgTable(
  'last_views',
  {
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    page: text('page', { enum: VIEW_PAGES }).notNull(),
    state: text('state').notNull(),
    /** The saved view it began as; null: none, or one that was deleted. */
    viewKey: text('view_key'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.userId, t.page] }),
    foreignKey({
      name: 'last_views_project',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check('last_views_page_form', sql`${t.page} ~ '^[a-z-]{1,40}$'`),
  ],
)
