import { randomUUID } from 'node:crypto'
import type { Claim } from '#src/protocol/agents.ts'
import { untilAnswered } from './back-off.ts'
import { adoptChild, type Child, type Exit, startChild, stopChild } from './child.ts'
import { endOfJob, type JobEnd, oomKills, type Stopping } from './end-of-job.ts'
import type { JobContext } from './job-context.ts'
import { keepLease } from './job-heartbeat.ts'
import { type JobState, jobFolder, makeJobFolder, partsOf, removeJobFolder, saveJobState } from './job-state.ts'
import { openLogSpool } from './log-spool.ts'
import { BadResume, prepareProgram, Refused } from './prepare-program.ts'
import { ServerAway, ServerRefusal } from './server.ts'
import { places } from './settings.ts'
import { openTelemetry, type Sample, telemetryPoints } from './telemetry.ts'
import { AgentRevoked } from './token.ts'
import { type OutputWatch, watchOutput } from './watch-output.ts'

/** A job in the hands of this agent. */
export interface HeldJob {
  readonly id: string
  /** Resolves when everything about it is done. */
  readonly done: Promise<void>
  /** Ends the program so that it can go on elsewhere. */
  drain(): void
  /** Ends the program at once, and does not wait for the server to hear of it. */
  kill(): void
  /** Sends a sample of the machine to the run. */
  sampled(sample: Sample): void
}

/** Starts a claimed job: fetches its inputs, runs its recipe, reports how it ended. */
export function holdJob(ctx: JobContext, claim: Claim): HeldJob {
  const folder = jobFolder(places(ctx.settings.dataDir).jobs, claim)
  const state: JobState = { claim, process: null, command: '', started_at: Date.now(), log_stream: randomUUID() }
  return hold(ctx, folder, state, { kind: 'new' })
}

/** Takes up a job that an earlier life of this agent began; its program may have ended meanwhile, or never started. */
export function holdLeftJob(ctx: JobContext, folder: string, state: JobState): HeldJob {
  const child = state.process ? adoptChild(state.process.pid, state.process.start_time) : null
  return hold(ctx, folder, state, child ? { kind: 'running', child } : { kind: 'gone' })
}

type Origin = { kind: 'new' } | { kind: 'running'; child: Child } | { kind: 'gone' }

/** As long as the server takes it. */
const MESSAGE_MAX = 4000
const UNKNOWN_EXIT: Exit = { code: null, signal: null }

function hold(ctx: JobContext, folder: string, state: JobState, origin: Origin): HeldJob {
  const { claim } = state
  const { settings, server } = ctx
  const { timings, log } = settings
  const ending = new AbortController()
  const giveUp = new AbortController()
  let child: Child | null = origin.kind === 'running' ? origin.child : null
  let stopping: Stopping = null
  let stopNotice: NodeJS.Timeout | undefined
  let telemetry: ReturnType<typeof openTelemetry> | null = null
  let output: OutputWatch | null = null
  /** What each write of this attempt names. */
  const writer = {
    server,
    run: claim.job.run,
    attempt: claim.attempt,
    fence: claim.fence,
    token: claim.job_token,
  }

  const end = (why: NonNullable<Stopping>): void => {
    if (stopping === 'stale' || (stopping !== null && why !== 'stale')) return
    stopping = why
    ending.abort()
    if (why === 'stale') output?.abandon()
    if (child) endChild(child)
  }
  /** What a stale holder writes is refused, so its program gets no time to save anything. */
  const endChild = (running: Child): void => {
    if (stopping === 'stale') running.signal('SIGKILL')
    else void stopChild(running, timings.graceMs)
  }
  const wishes = {
    cancel: () => end('cancel'),
    stop: () => {
      stopNotice ??= setTimeout(() => end('stop'), timings.stopNoticeMs)
    },
    stale: (why: string) => {
      log.warn(`Job ${claim.job.id} (${claim.job.recipe}) is no longer ours: ${why}`)
      end('stale')
    },
  }

  async function start(): Promise<Child> {
    makeJobFolder(folder)
    saveJobState(folder, state)
    const command = await prepareProgram(ctx, claim, folder, ending.signal)
    if (ending.signal.aborted) throw new ServerAway('the job was ended before its program started')
    state.command = [command.program, ...command.args].join(' ')
    state.started_at = Date.now()
    const started = await startChild(command).catch((error: unknown) => {
      throw new Refused(`The program could not be started (${String(error)}): ${state.command}`)
    })
    state.process = { pid: started.pid, start_time: started.startTime }
    saveJobState(folder, state)
    log.info(`Job ${claim.job.id}, attempt ${claim.attempt}, runs as process ${started.pid}: ${state.command}`)
    return started
  }

  /** Says how a job ended that has no program. */
  function unstarted(error: unknown): Promise<void> {
    if (error instanceof Refused) return report({ reason: 'failed', message: error.message }, UNKNOWN_EXIT)
    if (error instanceof BadResume) {
      log.warn(`Job ${claim.job.id} cannot resume from the checkpoint ${error.checkpoint}: ${error.message}`)
      return tell('release', { bad_checkpoint: error.checkpoint })
    }
    if (stopping === 'drain') return tell('release', {})
    if (stopping === 'cancel' || stopping === 'stop')
      return report({ reason: 'stopped', message: 'Stopped on request before its program started.' }, UNKNOWN_EXIT)
    return report({ reason: 'failed', message: `The agent could not prepare the job: ${String(error)}` }, UNKNOWN_EXIT)
  }

  async function watch(running: Child): Promise<Exit> {
    telemetry = openTelemetry({ ...writer, startedAtMs: state.started_at })
    const left = state.started_at + claim.job.timeout_s * 1000 - Date.now()
    const timer = setTimeout(() => end('timeout'), Math.max(0, Math.min(left, 2 ** 31 - 1)))
    // A wish that came while the program was being started.
    if (stopping) endChild(running)
    const exit = await running.exited
    clearTimeout(timer)
    return exit
  }

  async function work(): Promise<void> {
    if (origin.kind === 'gone' && !state.process) return tell('release', {})
    const kills = oomKills()
    if (origin.kind === 'new')
      try {
        child = await start()
      } catch (error) {
        if (stopping !== 'stale') await unstarted(error)
        return
      }
    const spool = openLogSpool(folder, partsOf(folder).logs)
    const watched = watchOutput(spool, { ...writer, stream: state.log_stream }, timings, log)
    output = watched
    const exit = child ? await watch(child) : UNKNOWN_EXIT
    if (stopping === 'stale') return watched.abandon()
    // Judged here: what people wish while the last output is on its way comes too late.
    const outOfMemory = oomKills() > kills
    const told = endOfJob({ exit, stopping, outOfMemory, timeoutS: claim.job.timeout_s, command: state.command })
    const drained = stopping === 'drain' && exit.code !== 0
    giveUp.signal.addEventListener('abort', () => watched.abandon())
    await watched.drained()
    return drained ? tell('release', {}) : report(told, exit)
  }

  function report(told: JobEnd, exit: Exit): Promise<void> {
    log.info(`Job ${claim.job.id}, attempt ${claim.attempt}: ${told.message || told.reason}`)
    return tell('finish', {
      exit_code: exit.code,
      signal: exit.signal,
      reason: told.reason,
      message: told.message.slice(0, MESSAGE_MAX),
    })
  }

  /** Repeats while the server is away: the program has ended, only the server has not heard of it. */
  async function tell(verb: 'finish' | 'release', json: object): Promise<void> {
    const body = { attempt: claim.attempt, fence: claim.fence, ...json }
    const call = () => ctx.session.call(`/jobs/${claim.job.id}/${verb}`, body)
    try {
      await untilAnswered(call, timings.retryMs, giveUp.signal)
    } catch (error) {
      if (!(error instanceof ServerRefusal || error instanceof AgentRevoked || error instanceof ServerAway)) throw error
      log.warn(`The end of job ${claim.job.id} was not taken: ${error.message}`)
    }
  }

  async function whole(): Promise<void> {
    const lease = new AbortController()
    const heartbeatMs = Math.min(claim.heartbeat_s * 1000, timings.heartbeatMs)
    const word = { session: ctx.session, job: claim.job.id, attempt: claim.attempt, fence: claim.fence, heartbeatMs }
    const leasing = keepLease(word, () => (child ? 'running' : 'leased'), wishes, lease.signal)
    try {
      await work()
    } finally {
      clearTimeout(stopNotice)
      lease.abort()
      await leasing
      const kept = removeJobFolder(folder, places(settings.dataDir).unsent)
      if (kept) log.warn(`Records that were not sent are in ${kept}; \`python -m descent sync ${kept}\` sends them.`)
    }
  }

  return {
    id: claim.job.id,
    done: whole(),
    drain: () => end('drain'),
    kill: () => {
      giveUp.abort()
      end('drain')
      child?.signal('SIGKILL')
    },
    sampled: (sample) => void telemetry?.add(sample, telemetryPoints(ctx.node, sample, child?.pid ?? null)),
  }
}
