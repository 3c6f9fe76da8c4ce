import { randomUUID } from 'node:crypto'
import type { Sql } from '#src/db/clients.ts'
import type { Log } from '#src/services/context.ts'
import { type OpenStore, openMetricStore } from '#src/services/metrics/open-store.ts'
import type { IncomingBatch } from '#src/services/metrics/store.ts'

export const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} }

export interface World {
  slug: string
  workspaceId: number
  projectId: number
  experimentId: number
  /** A run of the control plane; `admit` also tells the data plane of it. */
  makeRun: (options?: { admit?: boolean }) => Promise<{ id: number; uid: string; number: number }>
}

/** A workspace with a project and an experiment, straight in the tables. */
export async function makeWorld(sql: Sql): Promise<World> {
  const slug = `w-${randomUUID().slice(0, 8)}`
  const [workspace] = await sql<
    { id: number }[]
  >`insert into workspaces (slug, name) values (${slug}, 'Test') returning id`
  const workspaceId = workspace?.id ?? 0
  const [project] = await sql<{ id: number }[]>`
    insert into projects (workspace_id, slug, name) values (${workspaceId}, 'p', 'P') returning id`
  const projectId = project?.id ?? 0
  const [experiment] = await sql<{ id: number }[]>`
    insert into experiments (workspace_id, project_id, number, slug, name, stage_kind, is_unstaged, created_by)
    values (${workspaceId}, ${projectId}, 1, 'unstaged', 'Unstaged', 'pretrain', true, 'user:1') returning id`
  const experimentId = experiment?.id ?? 0
  let number = 0
  return {
    slug,
    workspaceId,
    projectId,
    experimentId,
    makeRun: async ({ admit = true } = {}) => {
      const uid = randomUUID()
      const mine = ++number
      const [run] = await sql<{ id: number }[]>`
        insert into runs (uid, workspace_id, project_id, experiment_id, number, name, state, created_by)
        values (${uid}, ${workspaceId}, ${projectId}, ${experimentId}, ${mine}, 'r', 'running', 'user:1') returning id`
      const id = run?.id ?? 0
      if (admit) await sql`insert into metric_run (run_id) values (${id})`
      return { id, uid, number: mine }
    },
  }
}

export const openStore = (sql: Sql, headBytesMax?: number): Promise<OpenStore> =>
  openMetricStore({ sql, log: quiet, ...(headBytesMax !== undefined && { headBytesMax }) })

/** A batch of a run of this world; the body as JSON. */
export function batchOf(
  world: World,
  runId: number,
  clientId: string,
  seq: number,
  body: unknown,
  more: Partial<IncomingBatch> = {},
): IncomingBatch {
  return {
    workspaceId: world.workspaceId,
    projectId: world.projectId,
    runId,
    clientId,
    seq,
    attempt: 1,
    fence: 0,
    body: Buffer.from(JSON.stringify(body)),
    ...more,
  }
}

/** Values for JSON: words for what it has no number for. JSON.stringify would write -0 as 0. */
export const wireValue = (value: number): number | string =>
  Number.isNaN(value) ? 'NaN' : value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : value

/** A chart's numbers. */
export const float64s = (base64: string): Float64Array => {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Float64Array(bytes.buffer)
}
export const float32s = (base64: string): Float32Array => {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer)
}
