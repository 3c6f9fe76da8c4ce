import { sql } from 'drizzle-orm'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import { holdsAll, inside, type Sought } from './everything.ts'

export interface FoundCheckpoint extends Record<string, unknown> {
  project: string
  uid: string
  step: number
  tokens: number | null
  size_bytes: number
  sha256: string | null
  /** Its run; null for that of an external base. */
  run: string | null
  run_number: number | null
  stage: string
  stage_number: number
  /** True when its hash or its id begins with the text. */
  by_hash: boolean
  found: number
}

/** Checkpoints whose hash or id begins with the text, then those of runs whose name contains the words, newest step first. */
export async function findCheckpointsNamed(
  db: Handle,
  scope: Scope,
  { words, text, projectId, limit }: Sought,
): Promise<FoundCheckpoint[]> {
  // Short ones begin too many hashes to mean one of them.
  const isHash = /^[0-9a-f-]{4,64}$/.test(text)
  const byHash = isHash
    ? sql`(starts_with(c.sha256, ${text}::text) or starts_with(c.uid::text, ${text}::text))`
    : sql`false`
  return db.execute<FoundCheckpoint>(sql`
    select p.slug as project, c.uid, c.step, c.tokens, c.size_bytes, c.sha256, r.name as run, r.number as run_number,
      x.name as stage, x.number as stage_number, ${byHash} as by_hash, count(*) over ()::int as found
    from checkpoints c
    join projects p on p.id = c.project_id
    join experiments x on x.id = c.experiment_id
    left join runs r on r.id = c.run_id
    where c.workspace_id = ${scope.workspaceId} and ${inside(sql`c.project_id`, projectId)} and c.deleted_at is null
      and r.deleted_at is null and p.archived_at is null
      and (${byHash} or ${holdsAll(sql`coalesce(r.name, x.name)`, words)})
    order by by_hash desc, c.step desc, c.id desc limit ${limit}`)
}
