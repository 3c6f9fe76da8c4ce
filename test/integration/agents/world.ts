import { randomUUID } from 'node:crypto'
import { agents } from '#src/db/schema/agents.ts'
import { users } from '#src/db/schema/auth.ts'
import { experiments } from '#src/db/schema/experiments.ts'
import { projects } from '#src/db/schema/projects.ts'
import { runs } from '#src/db/schema/runs.ts'
import { members, workspaces } from '#src/db/schema/workspaces.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { Actor } from '#src/services/actor.ts'
import type { Context } from '#src/services/context.ts'
import { type EnqueueInput, enqueueJob } from '#src/services/jobs/enqueue.ts'
import { type TestServices, testServices } from '#test/setup/services.ts'

type AgentActor = Extract<Actor, { kind: 'agent' }>

/** A workspace with an owner and a project, and short words for what the tests of agents need. */
export interface AgentWorld extends TestServices {
  scope: ProjectScope
  workspace: string
  project: string
  owner: Actor
  viewer: Actor
  /** As the owner. */
  ctx(): Context
  experiment(slug: string): Promise<number>
  /** A job of a new run; a training job without inputs unless told. */
  job(options?: Partial<EnqueueInput>): Promise<{ id: number; uid: string; runId: number; runUid: string }>
  agent(name: string, queues?: string[]): Promise<AgentActor>
  /** A column of a job. */
  jobRow(id: number): Promise<Record<string, unknown>>
  runRow(id: number): Promise<Record<string, unknown>>
  expireLease(id: number): Promise<void>
}

let worlds = 0

export async function agentWorld(): Promise<AgentWorld> {
  const test = await testServices()
  const { db, sql } = test.database
  const slug = `team-${++worlds}`
  const workspace = await one(db.insert(workspaces).values({ slug, name: 'Team' }).returning({ id: workspaces.id }))
  const user = await one(db.insert(users).values({ name: 'Ada' }).returning({ id: users.id }))
  await db.insert(members).values({ workspaceId: workspace.id, userId: user.id, role: 'owner' })
  const project = await one(
    db
      .insert(projects)
      .values({ workspaceId: workspace.id, slug: 'lifecycle', name: 'Lifecycle' })
      .returning({ id: projects.id }),
  )
  const scope = projectScope(workspace.id, project.id)
  const person = (role: 'owner' | 'viewer'): Actor => ({
    kind: 'user',
    userId: user.id,
    sessionId: 1,
    name: 'Ada',
    isInstanceAdmin: false,
    memberships: [{ workspaceId: workspace.id, slug, name: 'Team', role }],
  })
  const owner = person('owner')
  let numbers = 0
  const experimentIds = new Map<string, Promise<number>>()

  const experiment = (name: string): Promise<number> => {
    const known = experimentIds.get(name) ?? addExperiment(name)
    experimentIds.set(name, known)
    return known
  }
  const addExperiment = async (name: string): Promise<number> => {
    const row = await one(
      db
        .insert(experiments)
        .values({
          workspaceId: workspace.id,
          projectId: project.id,
          number: ++numbers,
          slug: name,
          name,
          stageKind: 'pretrain',
          rootKind: 'random_init',
          createdBy: 'test',
        })
        .returning({ id: experiments.id }),
    )
    return row.id
  }

  let runNumbers = 0
  return {
    ...test,
    scope,
    workspace: slug,
    project: 'lifecycle',
    owner,
    viewer: person('viewer'),
    ctx: () => test.as(owner),
    experiment,
    job: async (options = {}) => {
      const experimentId = options.experimentId ?? (await experiment('base'))
      const kind = options.kind ?? 'train'
      const run = await one(
        db
          .insert(runs)
          .values({
            uid: randomUUID(),
            workspaceId: workspace.id,
            projectId: project.id,
            experimentId,
            number: ++runNumbers,
            name: `run-${runNumbers}`,
            kind,
            createdBy: 'test',
          })
          .returning({ id: runs.id, uid: runs.uid }),
      )
      await test.services.metrics.setWriter(run.id, { fence: 0, attempt: 1, state: 'open' })
      const made = await enqueueJob(test.as(owner), scope, {
        queue: 'default',
        runId: run.id,
        recipe: 'finishes',
        params: {},
        inputs: [],
        ...options,
        experimentId,
        kind,
      })
      return { ...made, runId: run.id, runUid: run.uid }
    },
    agent: async (name, queues = ['default']) => {
      const row = await one(
        db
          .insert(agents)
          .values({
            workspaceId: workspace.id,
            name,
            publicKey: Buffer.alloc(32).toString('base64'),
            queues,
            labels: { cpus: 4, cpu_model: 'Test CPU' },
            slots: 2,
            recipes: ['finishes'],
          })
          .returning({ id: agents.id, uid: agents.uid }),
      )
      return {
        kind: 'agent',
        agentId: row.id,
        agentUid: row.uid,
        workspaceId: workspace.id,
        workspaceSlug: slug,
        name,
        queues,
      }
    },
    jobRow: async (id) => one(sql`select * from jobs where id = ${id}`),
    runRow: async (id) => one(sql`select * from runs where id = ${id}`),
    expireLease: async (id) => {
      await sql`update jobs set lease_until = now() - interval '1 second' where id = ${id}`
    },
  }
}

async function one<T>(rows: PromiseLike<readonly T[]>): Promise<T> {
  const [row] = await rows
  if (row === undefined) throw new Error('a row was expected')
  return row
}
