/** Published tables as they stood when somebody froze them. */
import { foreignKey, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import type { FrozenChoice, FrozenDocument } from '../../core/publish/frozen.ts'
import { createdAt, id, workspaceId } from './columns.ts'
import { projects } from './projects.ts'

/** Never changed, only made and deleted: what stands here is what was printed on that day. */
export const frozenTables = pgTable(
  'frozen_tables',
  {
    id: id(),
    uid: uuid('uid').notNull(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    title: text('title').notNull(),
    /** Which table was asked for, and how: the live version is made from the same choice. */
    choice: jsonb('choice').$type<FrozenChoice>().notNull(),
    document: jsonb('document').$type<FrozenDocument>().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('frozen_tables_uid').on(t.uid),
    index('frozen_tables_project').on(t.projectId, t.id),
    foreignKey({
      name: 'frozen_tables_project_fk',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
  ],
)
