import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface ComparisonRow extends Record<string, unknown> {
  id: number
  uid: string
  title: string
  revision: number
  frozen_at: string | null
  created_by: string
  /** The name of who made it. */
  by: string
  created_at: string
  updated_at: string
}

const head = (scope: Scope) => sql`
  select c.id, c.uid, c.title, c.revision, c.frozen_at, c.created_by, c.created_at, c.updated_at,
    coalesce(u.name, k.name, c.created_by) as by
  from comparisons c
  left join users u on c.created_by = 'user:' || u.id
  left join api_keys k on c.created_by = 'key:' || k.id and k.workspace_id = c.workspace_id
  where c.workspace_id = ${scope.workspaceId}`

/** A comparison without its entries; null: there is none of this id. */
export async function findComparison(db: Handle, scope: Scope, uid: string): Promise<ComparisonRow | null> {
  const [row] = await db.execute<ComparisonRow>(sql`${head(scope)} and c.uid = ${uid}`)
  return row ?? null
}

/** Comparisons of the workspace, the one changed last first. */
export async function listComparisons(db: Handle, scope: Scope, limit: number): Promise<ComparisonRow[]> {
  return await db.execute<ComparisonRow>(sql`${head(scope)} order by c.updated_at desc, c.id desc limit ${limit}`)
}
