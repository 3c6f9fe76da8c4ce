import type { Claim } from '#src/protocol/agents.ts'
import { buildArguments } from './build-arguments.ts'
import { buildEnvironment } from './build-environment.ts'
import { checkParams } from './check-params.ts'
import type { Command } from './child.ts'
import { BadInput, fetchCheckpoint } from './fetch-inputs.ts'
import type { JobContext } from './job-context.ts'
import { contractVariables, inputFolder } from './job-environment.ts'
import { partsOf } from './job-state.ts'
import { ServerRefusal } from './server.ts'
import { places } from './settings.ts'

/** A job that this agent does not start: an unknown recipe, bad parameters, an input that does not hash right. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** The checkpoint to resume from is not what the server says; an older one may be. */
export class BadResume extends Error {
  override readonly name = 'BadResume'
  readonly checkpoint: string

  constructor(checkpoint: string, message: string) {
    super(message)
    this.checkpoint = checkpoint
  }
}

/**
 * Turns a job into a command of this machine: checks recipe and parameters against the local allow-list, whatever the server
 * says, and fetches the inputs.
 *
 * @throws Refused; BadResume; ServerAway when the signal was given
 */
export async function prepareProgram(
  ctx: JobContext,
  claim: Claim,
  folder: string,
  signal: AbortSignal,
): Promise<Command> {
  const { job } = claim
  const recipe = ctx.recipes.get(job.recipe)
  if (!recipe) throw new Refused(`This agent refuses the job: it has no recipe "${job.recipe}".`)
  const checked = checkParams(recipe, job.params)
  if (!checked.ok) throw new Refused(`This agent refuses the job: ${checked.why}.`)
  const args = argumentsOf(() => buildArguments(recipe, checked.params))
  await fetchInputs(ctx, claim, folder, signal)
  const { work } = partsOf(folder)
  const machine = { serverUrl: ctx.server.url, threads: ctx.threads, devices: ctx.devices }
  const env = buildEnvironment(recipe.env, process.env, contractVariables(claim, folder, checked.params, machine))
  return {
    program: recipe.program,
    args,
    cwd: recipe.workingDir ?? work,
    env: { HOME: work, TMPDIR: work, ...env },
    folder,
  }
}

function argumentsOf(build: () => string[]): string[] {
  try {
    return build()
  } catch (error) {
    throw new Refused(`This agent refuses the job: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

async function fetchInputs(ctx: JobContext, claim: Claim, folder: string, signal: AbortSignal): Promise<void> {
  const { settings, server } = ctx
  const fetcher = { server, cacheDir: places(settings.dataDir).cache, retryMs: settings.timings.retryMs }
  const wanted: { role: string; checkpoint: string; files: Claim['job']['inputs'][number]['files'] }[] = [
    ...claim.job.inputs,
    ...(claim.resume_from ? [{ role: 'resume', ...claim.resume_from }] : []),
  ]
  for (const { role, checkpoint, files } of wanted)
    try {
      await fetchCheckpoint(fetcher, claim.job_token, checkpoint, files, inputFolder(folder, role), signal)
    } catch (error) {
      const isBad = error instanceof BadInput || (error instanceof ServerRefusal && error.status === 404)
      if (isBad && role === 'resume') throw new BadResume(checkpoint, error.message)
      if (error instanceof BadInput || error instanceof ServerRefusal)
        throw new Refused(`The ${role} checkpoint ${checkpoint} cannot be used: ${error.message}`)
      throw error
    }
}
