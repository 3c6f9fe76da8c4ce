import { CONFIG_BYTES_MAX, ENVIRONMENT_BYTES_MAX, objectionToJson } from '#src/core/runs/free-json.ts'
import { redact } from '#src/core/runs/redact.ts'
import { sayableName } from '#src/core/runs/run-name.ts'
import { lockProject } from '#src/db/queries/projects/lock-project.ts'
import { takeNumber } from '#src/db/queries/projects/take-number.ts'
import { formerNumber } from '#src/db/queries/runs/former-numbers.ts'
import { insertRun } from '#src/db/queries/runs/insert-run.ts'
import { locateRun, type RunRow } from '#src/db/queries/runs/locate-run.ts'
import { type RunChange, updateRun } from '#src/db/queries/runs/update-run.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Run, RunInput } from '#src/protocol/runs.ts'
import { actorName } from '#src/services/actor.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, notFound, Refusal } from '#src/services/errors.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { unstagedExperiment } from '#src/services/experiments/unstaged.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { openRun } from './open.ts'
import { tellWriter } from './tell-writer.ts'
import { viewRunById } from './view.ts'

export interface PutRunInput extends RunInput {
  workspace?: string | undefined
  project: string
  /** Chosen by the client; makes the call idempotent. */
  run: string
}

/**
 * Makes a run under the client's id, or answers the one that is there; configuration, environment, seed, group and tags that it
 * lacks so far are filled in (a job's run exists before its program can tell them). Secrets of known shapes are taken out.
 *
 * @throws Refusal `invalid_request` for configuration or environment that cannot be kept; `not_found` for project, experiment,
 *   or an id that is somebody else's; `run_deleted`; `forbidden`
 */
export async function putRun(ctx: Context, input: PutRunInput): Promise<{ created: boolean; run: Run }> {
  const { scope, project } = await openProject(ctx, input, 'run:write')
  const config = cleanJson(input.config, '/config', CONFIG_BYTES_MAX)
  const environment = cleanJson(input.environment, '/environment', ENVIRONMENT_BYTES_MAX)
  const there = await locateRun(ctx.db, input.run)
  if (there) return { created: false, run: await fillRun(ctx, scope, project.slug, input, { config, environment }) }
  if (ctx.actor.kind === 'job') throw notFound('This run')
  const made = await inTransaction(ctx, async (tx) => {
    const experiment =
      input.experiment === undefined
        ? await unstagedExperiment(tx, scope)
        : await experimentNamed(tx, scope, project.slug, input.experiment)
    if (!experiment) throw notFound(`The experiment "${input.experiment}"`)
    await lockProject(tx.db, scope)
    if (await locateRun(tx.db, input.run)) return null
    const number = await takeNumber(tx.db, scope, 'run')
    return insertRun(tx.db, scope, {
      uid: input.run,
      experimentId: experiment.id,
      number,
      name: input.name ?? sayableName(input.run, number),
      kind: input.kind,
      config,
      environment,
      seed: input.seed ?? null,
      runGroup: input.group || null,
      tags: input.tags,
      createdBy: actorName(ctx.actor),
      createdByKey: ctx.actor.kind === 'apiKey' ? ctx.actor.keyId : null,
      lastContactAt: ctx.services.now().toISOString(),
    })
  })
  if (!made) return { created: false, run: await fillRun(ctx, scope, project.slug, input, { config, environment }) }
  await tellWriter(ctx, made.id, { fence: 0, attempt: 1, state: 'open' })
  tellState(ctx, scope, made.id)
  return { created: true, run: await viewRunById(ctx, scope, made.id) }
}

/** @throws Refusal `invalid_request` */
function cleanJson(value: Record<string, unknown>, pointer: string, bytesMax: number): Record<string, unknown> {
  const objection = objectionToJson(value, pointer, bytesMax)
  if (objection) throw invalid(objection.pointer, objection.message)
  return redact(value) as Record<string, unknown>
}

async function fillRun(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  input: PutRunInput,
  json: { config: Record<string, unknown>; environment: Record<string, unknown> },
): Promise<Run> {
  const { scope: home, run } = await openRun(ctx, input.run, 'run:write')
  // Its program may know it by the project in which it began.
  if (home.projectId !== scope.projectId && (await formerNumber(ctx.db, scope, project, run.id)) === null)
    throw new Refusal('conflict', `The run ${input.run} belongs to another project; make a new id for a new run.`)
  const change = missing(run, input, json)
  if (Object.keys(change).length > 0) {
    await updateRun(ctx.db, home, run.id, change)
    tellState(ctx, home, run.id)
  }
  return viewRunById(ctx, home, run.id)
}

function missing(
  run: RunRow,
  input: PutRunInput,
  json: { config: Record<string, unknown>; environment: Record<string, unknown> },
): RunChange {
  const isEmpty = (value: object) => Object.keys(value).length === 0
  return {
    ...(isEmpty(run.config) && !isEmpty(json.config) && { config: json.config }),
    ...(isEmpty(run.environment) && !isEmpty(json.environment) && { environment: json.environment }),
    ...(run.seed === null && typeof input.seed === 'number' && { seed: input.seed }),
    ...(run.runGroup === null && input.group && { runGroup: input.group }),
    ...(run.tags.length === 0 && input.tags.length > 0 && { tags: input.tags }),
  }
}
