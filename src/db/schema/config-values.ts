/** What a search reads of runs, value by value, so that it finds some of 100,000; triggers keep it in step with `runs`. */
import { bigint, boolean, doublePrecision, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { workspaceId } from './columns.ts'
import { workspaces } from './workspaces.ts'

const projectId = () => integer('project_id').notNull()
const runId = () => bigint('run_id', { mode: 'number' }).notNull()

/** Paths of config values are numbered per workspace, as metric names are: a run can move, and its parents may lie in other projects. */
export const configKeys = pgTable(
  'config_keys',
  {
    workspaceId: workspaceId().references(() => workspaces.id),
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** Names of the config from the outside in, with dots between. */
    path: text('path').notNull(),
  },
  (t) => [unique('config_keys_path').on(t.workspaceId, t.path)],
)

/**
 * One of `number`, `text` and `truth` is not null; of a text its first 500 characters. The index of the key holds the whole row: a
 * search reads the values of one key from one place.
 */
export const configValues = pgTable(
  'config_values',
  {
    projectId: projectId(),
    keyId: integer('key_id').notNull(),
    runId: runId(),
    number: doublePrecision('number'),
    text: text('text'),
    truth: boolean('truth'),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.keyId, t.runId] })],
)

/** The tags of runs, each once. */
export const runTags = pgTable(
  'run_tags',
  { projectId: projectId(), tag: text('tag').notNull(), runId: runId() },
  (t) => [primaryKey({ columns: [t.projectId, t.tag, t.runId] })],
)
