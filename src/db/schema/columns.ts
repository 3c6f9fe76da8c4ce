import { type SQL, sql } from 'drizzle-orm'
import { type AnyPgColumn, bigint, customType, integer, timestamp } from 'drizzle-orm/pg-core'

/** A number that stays below 2^53: ids, steps, tokens, byte counts. */
export const count = (name: string) => bigint(name, { mode: 'number' })

/** The identity of a row inside; never shown outside. */
export const id = () => bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity()

export const workspaceId = () => integer('workspace_id').notNull()

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

export const createdAt = () => instant('created_at').notNull().defaultNow()

export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

/** `column in ('a', 'b', …)`, for a check constraint over words of the code. */
export const oneOf = (column: AnyPgColumn, words: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(words.map((w) => `'${w}'`).join(', '))})`

/** Lower-case ASCII words joined by hyphens, 1 to 64 characters. */
export const isSlug = (column: AnyPgColumn): SQL => sql`${column} ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'`
