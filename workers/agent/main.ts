import fs from 'node:fs'
import os from 'node:os'
import { keepReporting } from './agent-heartbeat.ts'
import { jitteredMs, pause, untilAnswered } from './back-off.ts'
import { isRefusedVariable } from './build-environment.ts'
import { claimNext } from './claim-job.ts'
import { trimCache } from './fetch-inputs.ts'
import { type Gpu, sampleGpus } from './gpus.ts'
import { forgetIdentity, takeIdentity } from './identity.ts'
import type { JobContext } from './job-context.ts'
import { leftJobs } from './job-state.ts'
import { describeMachine } from './machine.ts'
import { privateFolder } from './private-files.ts'
import { probeInterpreter } from './probe-interpreter.ts'
import { findInterpreter, readRecipes } from './recipes.ts'
import { type HeldJob, holdJob, holdLeftJob } from './run-job.ts'
import { connect, ServerAway, ServerRefusal } from './server.ts'
import { type AgentLog, type AgentSettings, type DrainPolicy, places, TIMINGS, type Timings } from './settings.ts'
import { AgentRevoked, openSession } from './token.ts'

const CACHE_BYTES_MAX = 20 * 1024 ** 3
/** An idle machine looks again soon after the server is back. */
const CLAIM_PAUSE_MS_MAX = 10_000

export interface AgentOptions {
  serverUrl: string
  dataDir: string
  registrationToken?: string | undefined
  name?: string | undefined
  queues?: readonly string[] | undefined
  slots: number
  recipesFile: string
  python: string
  /** Given once: drain. */
  signal: AbortSignal
  /** Given when somebody insists: ends running programs at once. */
  hurry?: AbortSignal | undefined
  drain?: DrainPolicy | undefined
  timings?: Partial<Timings> | undefined
  log?: AgentLog | undefined
}

const consoleLog: AgentLog = {
  info: (sentence) => console.log(`${new Date().toISOString()} ${sentence}`),
  warn: (sentence) => console.warn(`${new Date().toISOString()} ${sentence}`),
}

/**
 * The agent: registers this machine once, then takes jobs from its queues and runs them, until `signal` asks it to end. It
 * listens on nothing. Resolves when it has ended in order: running jobs finished or given back, by its drain policy.
 *
 * @throws Error for settings that cannot work: no interpreter, bad recipes file, no token; AgentRevoked
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const settings: AgentSettings = {
    ...options,
    name: options.name ?? os.hostname(),
    queues: options.queues ?? [],
    drain: options.drain ?? 'release',
    timings: { ...TIMINGS, ...options.timings },
    log: options.log ?? consoleLog,
  }
  const { log } = settings
  const recipes = readRecipes(settings.recipesFile, settings.python)
  warnOfRefusedVariables(recipes, log)
  privateFolder(settings.dataDir)
  const gpus = await sampleGpus()
  const machine = describeMachine(gpus)
  const server = connect(settings.serverUrl)
  const waited = (why: string, tries: number): void => {
    if (tries === 0) log.warn(`Waiting for the server: ${why}.`)
  }
  const patiently = <T>(call: () => Promise<T>) => untilAnswered(call, settings.timings.retryMs, options.signal, waited)
  const identify = () => patiently(() => takeIdentity(settings, machine, [...recipes.keys()]))
  let identity = await identify()
  if (settings.registrationToken) {
    // Whoever passes a new token for a machine that was revoked wants it registered anew.
    const known = openSession(server, identity)
    await patiently(known.token).catch(async (error: unknown) => {
      if (!(error instanceof AgentRevoked)) throw error
      forgetIdentity(settings.dataDir)
      identity = await identify()
    })
  }
  const queues = settings.queues.length > 0 ? settings.queues : identity.queues
  const foreign = queues.find((queue) => !identity.queues.includes(queue))
  if (foreign) throw new Error(`This agent is registered for ${identity.queues.join(', ')}, not for "${foreign}".`)
  log.info(
    `Agent ${settings.name} of workspace ${identity.workspace}: ${settings.slots} slots, queues ${queues.join(', ')}, recipes ${[...recipes.keys()].join(', ')}.`,
  )

  const session = openSession(server, identity)
  const context: Omit<JobContext, 'devices'> = {
    settings,
    server,
    session,
    recipes,
    node:
      settings.name
        .toLowerCase()
        .replaceAll(/[^a-z0-9_.-]+/g, '-')
        .slice(0, 63) || 'node',
    threads: Math.max(1, Math.floor(machine.cpus / settings.slots)),
  }
  const held = new Map<string, HeldJob>()
  const slots = openSlots(settings.slots, gpus)
  const draining = new AbortController()
  const over = new AbortController()
  let revoked: string | null = null

  const drain = (): void => {
    if (draining.signal.aborted) return
    draining.abort()
    if (held.size > 0)
      log.info(
        settings.drain === 'finish'
          ? `Draining: ${held.size} jobs run on.`
          : `Draining: ${held.size} jobs are given back.`,
      )
    if (settings.drain === 'release') for (const job of held.values()) job.drain()
  }
  const take = (job: HeldJob, slot: number | null): void => {
    held.set(job.id, job)
    job.done
      .catch((error: unknown) => log.warn(`Job ${job.id} was lost by an error of the agent: ${String(error)}`))
      .finally(() => {
        if (held.get(job.id) === job) held.delete(job.id)
        slots.free(slot)
      })
  }

  for (const { folder, state } of leftJobs(places(settings.dataDir).jobs)) {
    if (!state) {
      fs.rmSync(folder, { recursive: true, force: true })
      continue
    }
    const slot = slots.take()
    log.info(`Job ${state.claim.job.id} was left by an earlier start of this agent; taking it up.`)
    take(holdLeftJob({ ...context, devices: slots.devices(slot) }, folder, state), slot)
  }

  let labels: Record<string, unknown> | null = null
  void probeInterpreter(findInterpreter(settings.python)).then((interpreter) => {
    if (!interpreter) log.warn(`The interpreter ${settings.python} could not be asked for its version.`)
    labels = { ...machine, ...interpreter }
  })
  const reporting = keepReporting(
    {
      settings,
      session,
      agentId: identity.agent_id,
      recipes: [...recipes.keys()],
      hasGpus: gpus.length > 0,
      held,
      labels: () => labels,
      labelsTold: () => {
        labels = null
      },
      drain,
      revoked: (why) => {
        revoked = why
        draining.abort()
      },
    },
    over.signal,
  )
  const asked = (): void => drain()
  const insisted = (): void => {
    for (const job of held.values()) job.kill()
  }
  options.signal.addEventListener('abort', asked)
  options.hurry?.addEventListener('abort', insisted)
  if (options.signal.aborted) drain()

  const wanted = { queues, recipes: [...recipes.keys()], wait_s: settings.timings.claimWaitS }
  for (let tries = 0; !draining.signal.aborted; ) {
    const slot = slots.take()
    if (slot === null) {
      await slots.freed(draining.signal)
      continue
    }
    try {
      const claim = await claimNext(session, identity.agent_id, wanted, draining.signal)
      tries = 0
      if (claim) {
        await giveWay(held.get(claim.job.id))
        take(holdJob({ ...context, devices: slots.devices(slot) }, claim), slot)
        if (draining.signal.aborted && settings.drain === 'release') held.get(claim.job.id)?.drain()
        continue
      }
    } catch (error) {
      if (error instanceof AgentRevoked) {
        revoked = error.message
        draining.abort()
      } else if (error instanceof ServerAway || error instanceof ServerRefusal) {
        if (!draining.signal.aborted) {
          if (tries === 0) log.warn(`No work at the moment: ${error.message}`)
          const [first, longest] = settings.timings.retryMs
          await pause(jitteredMs(tries++, [first, Math.min(longest, CLAIM_PAUSE_MS_MAX)]), draining.signal)
        }
      } else throw error
    }
    slots.free(slot)
  }

  // A revoked agent's jobs hear it at their own heartbeat and end by themselves.
  await Promise.allSettled([...held.values()].map((job) => job.done))
  over.abort()
  await reporting
  options.signal.removeEventListener('abort', asked)
  options.hurry?.removeEventListener('abort', insisted)
  trimCache(places(settings.dataDir).cache, CACHE_BYTES_MAX)
  if (revoked !== null) throw new AgentRevoked(revoked)
  log.info('The agent has ended.')
}

/** Slots of the machine, each with its share of the GPUs. */
function openSlots(count: number, gpus: readonly Gpu[]) {
  const free = Array.from({ length: count }, (_, i) => i)
  const waiting = new Set<() => void>()
  const share = Math.max(1, Math.floor(gpus.length / count))
  return {
    take: (): number | null => free.shift() ?? null,
    free: (slot: number | null): void => {
      if (slot === null) return
      free.push(slot)
      free.sort((a, b) => a - b)
      for (const wake of [...waiting]) wake()
    },
    /** Resolves when a slot becomes free, or the signal is given. */
    freed: (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        if (free.length > 0 || signal.aborted) return resolve()
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      }),
    devices: (slot: number | null): string[] =>
      slot === null ? [] : gpus.slice(slot * share, (slot + 1) * share).map((gpu) => gpu.uuid),
  }
}

function warnOfRefusedVariables(recipes: ReturnType<typeof readRecipes>, log: AgentLog): void {
  // PATH and DESCENT_* are decided here; naming them in an allow-list is no attempt at anything.
  const names = new Set([...recipes.values()].flatMap((recipe) => recipe.env))
  const refused = [...names].filter(
    (name) => isRefusedVariable(name) && name !== 'PATH' && !name.startsWith('DESCENT_'),
  )
  if (refused.length > 0) log.warn(`Never passed to a job, whatever the recipes file allows: ${refused.join(', ')}.`)
}

/** A job that was taken from this machine and comes back to it is a new attempt: what is left of the one before ends first. */
async function giveWay(before: HeldJob | undefined): Promise<void> {
  before?.kill()
  await before?.done.catch(() => {})
}
