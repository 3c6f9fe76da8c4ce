/** Who signs in and with what: users, sign-in sessions, one-time links, keys, short-lived tokens, the audit log. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { KEY_SCOPES } from '../../core/roles/permissions.ts'
import { createdAt, id, instant, oneOf, workspaceId } from './columns.ts'
import { projects } from './projects.ts'
import { workspaces } from './workspaces.ts'

export const users = pgTable(
  'users',
  {
    id: id(),
    uid: uuid('uid').notNull().unique().defaultRandom(),
    name: text('name').notNull(),
    /** Canonical form (NFKC, trimmed, lower case); absent for an owner who came by the one-time link. */
    email: text('email').unique(),
    isInstanceAdmin: boolean('is_instance_admin').notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [check('users_name_not_blank', sql`length(btrim(${t.name})) between 1 and 200`)],
)

/** Sign-in sessions: the authority behind the signed cookie, which carries the random id whose hash stands here. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    tokenHash: text('token_hash').notNull().unique(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    method: text('method').notNull(),
    createdAt: createdAt(),
    lastSeenAt: instant('last_seen_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    addressPrefix: text('address_prefix'),
    userAgent: text('user_agent'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [index('sessions_user').on(t.userId)],
)

/** One-time sign-in links, stored hashed, 24 h, single use. A link without a user makes the owner of an empty instance. */
export const signInLinks = pgTable('sign_in_links', {
  id: id(),
  tokenHash: text('token_hash').notNull().unique(),
  userId: bigint('user_id', { mode: 'number' }).references(() => users.id, { onDelete: 'cascade' }),
  createdAt: createdAt(),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
})

/** One row: whether the first owner has been made. */
export const instance = pgTable(
  'instance',
  {
    id: integer('id').primaryKey().default(1),
    uid: uuid('uid').notNull().defaultRandom(),
    setupCompletedAt: instant('setup_completed_at'),
    createdAt: createdAt(),
  },
  (t) => [check('instance_one_row', sql`${t.id} = 1`)],
)

/** The server that holds an embedded engine: written under its advisory lock, read to name it. */
export const serverHolder = pgTable(
  'server_holder',
  {
    id: integer('id').primaryKey().default(1),
    pid: integer('pid').notNull(),
    host: text('host').notNull(),
    startedAt: instant('started_at').notNull(),
  },
  (t) => [check('server_holder_one_row', sql`${t.id} = 1`)],
)

export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    workspaceId: workspaceId(),
    /** Null: bound to the whole workspace, by explicit choice. */
    projectId: integer('project_id'),
    publicId: text('public_id').notNull().unique(),
    secretHash: text('secret_hash').notNull(),
    lastFour: text('last_four').notNull(),
    scope: text('scope', { enum: KEY_SCOPES }).notNull(),
    name: text('name').notNull(),
    createdBy: bigint('created_by', { mode: 'number' })
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    expiresAt: instant('expires_at'),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
    replacedBy: bigint('replaced_by', { mode: 'number' }),
  },
  (t) => [
    unique('api_keys_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'api_keys_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
    foreignKey({
      name: 'api_keys_project',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check('api_keys_scope', oneOf(t.scope, KEY_SCOPES)),
  ],
)

/** Short-lived tokens of agents and jobs. */
export const accessTokens = pgTable(
  'access_tokens',
  {
    id: id(),
    workspaceId: workspaceId(),
    publicId: text('public_id').notNull().unique(),
    secretHash: text('secret_hash').notNull(),
    kind: text('kind', { enum: ['agent', 'job'] }).notNull(),
    agentId: bigint('agent_id', { mode: 'number' }),
    jobId: bigint('job_id', { mode: 'number' }),
    attempt: integer('attempt'),
    fence: bigint('fence', { mode: 'number' }),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    index('access_tokens_job').on(t.jobId),
    foreignKey({ name: 'access_tokens_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
    check(
      'access_tokens_kind',
      sql`(${t.kind} = 'agent' and ${t.agentId} is not null) or (${t.kind} = 'job' and ${t.jobId} is not null and ${t.attempt} is not null and ${t.fence} is not null)`,
    ),
  ],
)

/** Single-use tokens with which a machine becomes an agent. */
export const registrationTokens = pgTable(
  'registration_tokens',
  {
    id: id(),
    workspaceId: workspaceId(),
    publicId: text('public_id').notNull().unique(),
    secretHash: text('secret_hash').notNull(),
    lastFour: text('last_four').notNull(),
    queues: text('queues').array().notNull(),
    createdBy: bigint('created_by', { mode: 'number' }).references(() => users.id),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    foreignKey({ name: 'registration_tokens_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
  ],
)

/** Append-only: a trigger refuses update, delete and truncate. Written in the transaction of what it tells. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    workspaceId: integer('workspace_id'),
    at: instant('at').notNull().defaultNow(),
    actorKind: text('actor_kind').notNull(),
    actorId: text('actor_id'),
    requestId: text('request_id'),
    addressPrefix: text('address_prefix'),
    action: text('action').notNull(),
    resource: text('resource').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index('audit_log_workspace').on(t.workspaceId, t.id)],
)

/** First outcomes of creating calls, kept 24 h, so that a repeat gets the same answer. */
export const idempotencyRecords = pgTable(
  'idempotency_records',
  {
    owner: text('owner').notNull(),
    route: text('route').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    /** Null while the first call is still running. */
    status: integer('status'),
    answer: jsonb('answer').$type<unknown>(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('idempotency_records_key').on(t.owner, t.route, t.key),
    index('idempotency_records_age').on(t.createdAt),
  ],
)
