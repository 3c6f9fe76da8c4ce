import { isWeightEdge } from '../../core/lineage/edge-kinds.ts'
import { mergeParams } from '../../core/pipelines/params.ts'
import { isInside, planPipeline } from '../../core/pipelines/plan.ts'
import type { RunKind } from '../../core/runs/states.ts'
import { listExperiments } from '../../db/queries/experiments/list-experiments.ts'
import { insertPipeline } from '../../db/queries/pipelines/insert-pipeline.ts'
import type { ProjectScope } from '../../db/scope.ts'
import type { Pipeline, PipelineExperiment, PipelineState } from '../../protocol/pipeline.ts'
import { actorName } from '../actor.ts'
import { authorize } from '../authorize.ts'
import { type Context, inTransaction } from '../context.ts'
import { invariant, Refusal } from '../errors.ts'
import { experimentNamed } from '../experiments/open.ts'
import { putExperiment } from '../experiments/put.ts'
import { type EnqueueInput, enqueueJob } from '../jobs/enqueue.ts'
import { tellStates } from '../live/tell-state.ts'
import { putProject } from '../projects/put.ts'
import { planRun } from '../runs/plan.ts'
import { tellWriter } from '../runs/tell-writer.ts'
import { openProject, openWorkspace } from '../workspaces/open.ts'
import { getPipelineState } from './get-state.ts'
import { pointerOf } from './read-pipeline.ts'

export interface LaunchInput {
  workspace?: string | undefined
  project: string
  pipeline: Pipeline
  /** Apply the file's quick section. */
  quick: boolean
}

/**
 * Plans the experiments of a pipeline and queues its jobs, all in one transaction, the project included: a training job per experiment that has a
 * recipe, and an evaluation job that waits for its checkpoint. Jobs wait until their parents' checkpoints exist. The project is
 * made when it does not exist.
 *
 * @throws Refusal `invalid_request` with a pointer per problem; `conflict` when an experiment of that slug exists already;
 *   `forbidden` without `job:enqueue`
 */
export async function launchPipeline(ctx: Context, input: LaunchInput): Promise<PipelineState> {
  await openWorkspace(ctx, input, 'job:enqueue')
  const made = await inTransaction(ctx, (tx) => plan(tx, input))
  for (const runId of made.runIds) await tellWriter(ctx, runId, { fence: 0, attempt: 1, state: 'open' })
  await tellStates(ctx, made.runIds)
  return getPipelineState(ctx, { workspace: input.workspace, project: made.project, pipeline: made.uid })
}

async function plan(ctx: Context, input: LaunchInput): Promise<{ project: string; uid: string; runIds: number[] }> {
  const { pipeline } = input
  await putProject(ctx, { workspace: input.workspace, project: input.project })
  const { scope, project } = await openProject(ctx, input, 'job:enqueue')
  authorize(ctx.actor, 'experiment:write', scope)
  const existing = (await listExperiments(ctx.db, scope, { limit: 10_000 })).map((row) => row.slug)
  const planned = planPipeline(pipeline.experiments, existing)
  if (planned.kind === 'problems')
    throw refusal(planned.problems.map((p) => ({ pointer: pointerOf(p.path), message: p.message })))
  const taken = Object.keys(pipeline.experiments).filter((slug) => existing.includes(slug))
  if (taken.length > 0)
    throw new Refusal(
      'conflict',
      `The project ${project.slug} has the experiments ${taken.join(', ')} already. Launch into another project, or give them other names in the file.`,
    )

  const row = await insertPipeline(ctx.db, scope, {
    name: pipeline.name,
    definition: pipeline,
    createdBy: actorName(ctx.actor),
  })
  const runIds: number[] = []
  for (const slug of planned.order)
    runIds.push(...(await planExperiment(ctx, scope, { ...input, project: project.slug }, row.id, slug)))
  return { project: project.slug, uid: row.uid, runIds }
}

const refusal = (errors: { pointer: string; message: string }[]): Refusal =>
  new Refusal('invalid_request', errors.map((e) => e.message).join(' '), { errors })

/** Gives the ids of the runs that it planned. */
async function planExperiment(
  ctx: Context,
  scope: ProjectScope,
  input: LaunchInput,
  pipelineId: number,
  slug: string,
): Promise<number[]> {
  const { pipeline, project, workspace } = input
  const node = pipeline.experiments[slug]
  invariant(node, 'the plan names experiments of the file')
  const { recipe, params, evaluate, seed, queue, timeout_s, max_attempts, ...fields } = node
  const benchmarks = benchmarksOf(pipeline, node)
  const budget = { ...pipeline.defaults.budget, ...node.budget }
  const { id: experimentId } = await putExperiment(ctx, { ...fields, benchmarks, budget, workspace, project, slug })
  const inputs = await parentsOf(ctx, scope, project, node)
  const timeoutS = timeout_s ?? pipeline.defaults.timeout_s
  const maxAttempts = max_attempts ?? pipeline.defaults.max_attempts
  const shared = {
    pipelineId,
    experimentId,
    ...(timeoutS !== undefined && { timeoutS }),
    ...(maxAttempts !== undefined && { maxAttempts }),
  }
  const runIds: number[] = []
  if (recipe) {
    const own = mergeParams(
      pipeline.defaults.params,
      params,
      input.quick ? pipeline.quick?.params : undefined,
      seed === undefined ? undefined : { seed },
    )
    const job = { ...shared, recipe, params: own, queue: queue ?? pipeline.defaults.queue, inputs }
    runIds.push(await queueRun(ctx, scope, slug, 'train', job, seed))
  }
  const evaluation = evaluate === undefined ? pipeline.defaults.evaluate : evaluate
  if (evaluation && (recipe || isGiven(node))) {
    const own = mergeParams(
      pipeline.defaults.evaluate?.params,
      evaluation.params,
      input.quick ? pipeline.quick?.evaluate?.params : undefined,
    )
    const read: EnqueueInput['inputs'] = [
      { role: 'target', experimentId },
      ...inputs.filter((i) => i.role === 'reference'),
    ]
    const job = {
      ...shared,
      recipe: evaluation.recipe,
      params: own,
      queue: evaluation.queue ?? queue ?? pipeline.defaults.queue,
      inputs: read,
    }
    runIds.push(await queueRun(ctx, scope, slug, 'evaluate', job, seed))
  }
  return runIds
}

/** A base from outside has its weights without a run, and can be evaluated at once. */
const isGiven = (node: PipelineExperiment): boolean =>
  node.root?.kind === 'external_base' || node.root?.kind === 'api_model'

/** The file's general tolerances, with what the experiment says of each benchmark on top. */
function benchmarksOf(pipeline: Pipeline, node: PipelineExperiment): Pipeline['defaults']['benchmarks'] {
  const own = new Map(pipeline.defaults.benchmarks.map((b) => [b.benchmark, b]))
  for (const b of node.benchmarks) own.set(b.benchmark, { ...own.get(b.benchmark), ...b })
  return [...own.values()]
}

/** The checkpoints that training starts from: the first weight parent, and the frozen reference. */
async function parentsOf(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  node: PipelineExperiment,
): Promise<EnqueueInput['inputs'][number][]> {
  const inputs: EnqueueInput['inputs'][number][] = []
  for (const parent of node.parents) {
    const role = isWeightEdge(parent.kind) ? 'parent' : parent.kind === 'reference' ? 'reference' : null
    if (!role || inputs.some((i) => i.role === role)) continue
    // A parent in another project is an edge; its checkpoint cannot be handed to a job of this one yet.
    const row =
      isInside(parent) || parent.project === undefined
        ? await experimentNamed(ctx, scope, project, parent.experiment)
        : null
    if (!row)
      throw refusal([
        {
          pointer: '/experiments',
          message: `The parent "${parent.experiment}" lies in another project; training can only start from a checkpoint of its own.`,
        },
      ])
    inputs.push({ role, experimentId: row.id })
  }
  return inputs
}

/** Plans the run of a job and queues the job; gives the run's id, whose writer is told after the commit. */
async function queueRun(
  ctx: Context,
  scope: ProjectScope,
  experiment: string,
  kind: RunKind,
  job: Omit<EnqueueInput, 'runId' | 'kind'>,
  seed: number | undefined,
): Promise<number> {
  const name = kind === 'train' ? experiment : `${experiment} evaluation`
  const run = await planRun(ctx, scope, {
    experimentId: job.experimentId,
    kind,
    name,
    config: job.params,
    seed: seed ?? null,
  })
  await enqueueJob(ctx, scope, { ...job, runId: run.id, kind })
  return run.id
}
