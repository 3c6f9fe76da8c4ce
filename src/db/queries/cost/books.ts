import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Names of the workspace's price books that hold something, ascending. */
export async function listBooks(db: Handle, scope: Scope): Promise<string[]> {
  const rows = await db.execute<{ book: string }>(sql`
    select book from prices where workspace_id = ${scope.workspaceId}
    union select book from currency_rates where workspace_id = ${scope.workspaceId} order by book`)
  return rows.map((row) => row.book)
}

/** One writer of a workspace's price books until the transaction ends: of two equal imports the second finds what the first wrote. */
export async function lockBooks(db: Handle, scope: Scope): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtext('prices'), ${scope.workspaceId}::int)`)
}
