import { randomUUID } from 'node:crypto'
import type { Sql } from '#src/db/clients.ts'
import { newToken } from '#src/services/keys/new-token.ts'

export interface BenchWorld {
  /** Writes. */
  key: string
  /** Reads. */
  readKey: string
  workspaceId: number
  projectId: number
  runs: { id: number; uid: string }[]
}

/** A workspace with a key and runs to write to. */
export async function makeBenchWorld(sql: Sql, runs: number): Promise<BenchWorld> {
  const slug = `bench-${randomUUID().slice(0, 8)}`
  const [workspace] = await sql<
    { id: number }[]
  >`insert into workspaces (slug, name) values (${slug}, 'Bench') returning id`
  const [user] = await sql<{ id: number }[]>`insert into users (name) values ('Bench') returning id`
  const workspaceId = workspace?.id ?? 0
  const userId = user?.id ?? 0
  await sql`insert into members (workspace_id, user_id, role) values (${workspaceId}, ${userId}, 'owner')`
  const { token, publicId, secretHash, lastFour } = newToken('ing')
  await sql`
    insert into api_keys (public_id, secret_hash, last_four, workspace_id, scope, name, created_by)
    values (${publicId}, ${secretHash}, ${lastFour}, ${workspaceId}, 'ingest', 'bench', ${userId})`
  const read = newToken('read')
  await sql`
    insert into api_keys (public_id, secret_hash, last_four, workspace_id, scope, name, created_by)
    values (${read.publicId}, ${read.secretHash}, ${read.lastFour}, ${workspaceId}, 'read', 'bench reads', ${userId})`
  const [project] = await sql<{ id: number }[]>`
    insert into projects (workspace_id, slug, name) values (${workspaceId}, 'bench', 'Bench') returning id`
  const projectId = project?.id ?? 0
  const [experiment] = await sql<{ id: number }[]>`
    insert into experiments (workspace_id, project_id, number, slug, name, stage_kind, is_unstaged, created_by)
    values (${workspaceId}, ${projectId}, 1, 'unstaged', 'Unstaged', 'pretrain', true, 'bench') returning id`
  const made = await sql<{ id: number; uid: string }[]>`
    insert into runs (uid, workspace_id, project_id, experiment_id, number, name, state, created_by)
    select gen_random_uuid(), ${workspaceId}, ${projectId}, ${experiment?.id ?? 0}, n, 'bench', 'running', 'bench'
    from generate_series(1, ${runs}::int) n
    returning id, uid`
  await sql`update projects set next_run = ${runs + 1}, next_experiment = 2 where id = ${projectId}`
  await sql`insert into metric_run (run_id) select id from runs where project_id = ${projectId}`
  return { key: token, readKey: read.token, workspaceId, projectId, runs: [...made] }
}
