/** A workspace with people and keys, and one of strangers; each test makes its own projects in it. */
import { randomUUID } from 'node:crypto'
import type { KeyScope, Role } from '#src/core/roles/permissions.ts'
import type { Actor } from '#src/services/actor.ts'
import type { Context } from '#src/services/context.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { putProject } from '#src/services/projects/put.ts'
import { putRun } from '#src/services/runs/put.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { type TestServices, testServices } from '../setup/services.ts'

export interface Lab extends TestServices {
  workspace: string
  workspaceId: number
  otherWorkspaceId: number
  /** Somebody of the workspace in a role; `stranger` owns the other one. */
  user(role: Role): Context
  stranger(): Context
  /** A key of the workspace, or of one of its projects. */
  key(scope: KeyScope, projectId?: number | null, keyId?: number): Context
  job(of: Partial<Extract<Actor, { kind: 'job' }>>): Context
  clock(): Context
}

let keys = 100

/** Opens services with two workspaces. For `beforeAll`; `close` in `afterAll`. */
export async function openLab(): Promise<Lab> {
  const services = await testServices()
  const { sql } = services.database
  const make = async (slug: string) => {
    const [row] = await sql<
      { id: number }[]
    >`insert into workspaces (slug, name) values (${slug}, ${slug}) returning id`
    return row?.id ?? 0
  }
  const workspaceId = await make('lab')
  const otherWorkspaceId = await make('elsewhere')
  const person = (id: number, slug: string, role: Role): Context =>
    services.as({
      kind: 'user',
      userId: id,
      sessionId: id,
      name: role,
      isInstanceAdmin: false,
      memberships: [{ workspaceId: slug === 'lab' ? workspaceId : otherWorkspaceId, slug, name: slug, role }],
    })
  return {
    ...services,
    workspace: 'lab',
    workspaceId,
    otherWorkspaceId,
    user: (role) => person(1, 'lab', role),
    stranger: () => person(2, 'elsewhere', 'owner'),
    key: (scope, projectId = null, keyId = ++keys) =>
      services.as({
        kind: 'apiKey',
        keyId,
        scope,
        workspaceId,
        workspaceSlug: 'lab',
        projectId,
        createdBy: 1,
        creatorRole: 'owner',
        name: scope,
      }),
    job: (of) =>
      services.as({
        kind: 'job',
        jobId: 1,
        jobUid: randomUUID(),
        jobKind: 'train',
        workspaceId,
        workspaceSlug: 'lab',
        projectId: 0,
        experimentId: 0,
        runId: 0,
        runUid: randomUUID(),
        attempt: 1,
        fence: 1,
        inputCheckpointIds: [],
        targetCheckpointId: null,
        ...of,
      }),
    clock: () => services.as({ kind: 'clock' }),
  }
}

let projects = 0

/** A new project of the lab with its id inside. */
export async function makeProject(lab: Lab, slug = `project-${++projects}`): Promise<{ slug: string; id: number }> {
  await putProject(lab.key('ingest'), { project: slug })
  const [row] = await lab.database.sql<{ id: number }[]>`
    select id from projects where workspace_id = ${lab.workspaceId} and slug = ${slug}`
  return { slug, id: row?.id ?? 0 }
}

type Experiment = Partial<Omit<Parameters<typeof putExperiment>[1], 'project' | 'slug'>>

/** An experiment: a root without `parents`, an instruction stage with them. */
export async function makeExperiment(lab: Lab, project: string, slug: string, more: Experiment = {}) {
  const isRoot = (more.parents ?? []).length === 0
  return putExperiment(lab.key('ingest'), {
    stage: isRoot ? 'pretrain' : 'instruction',
    ...(isRoot && !more.root && { root: { kind: 'random_init' } }),
    parents: [],
    mixture: [],
    benchmarks: [],
    ...more,
    project,
    slug,
  })
}

/** A run with one attempt under way. */
export async function makeRun(lab: Lab, project: string, experiment?: string, ctx = lab.key('ingest')) {
  const uid = randomUUID()
  const { run } = await putRun(ctx, {
    project,
    run: uid,
    kind: 'train',
    config: { lr: 0.1 },
    environment: { cpu: { count: 2, model: 'test cpu' } },
    tags: [],
    ...(experiment !== undefined && { experiment }),
  })
  await startAttempt(ctx, { run: uid })
  const [row] = await lab.database.sql<{ id: number }[]>`select id from runs where uid = ${uid}`
  return { uid, id: row?.id ?? 0, number: run.number, ctx }
}
