import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseTarget } from '../clients.ts'
import { bringUp } from './bring-up.ts'
import { ensureDatabase } from './ensure-database.ts'
import { type Binaries, findBinaries } from './find-binaries.ts'
import { type EnginePlace, placeEngine, socketFile } from './place.ts'
import { isEngineOf, isRunning } from './process-state.ts'
import { engineSettings, machineMemory } from './settings.ts'
import { ENGINE_USER, type RunningEngine } from './start.ts'

/** `failed`: it was started again too often in vain; the server should exit. */
export type EngineState = 'running' | 'restarting' | 'failed' | 'stopping' | 'stopped'

export type EngineOptions = {
  /** The product's data folder; the engine lives in `postgres-<major>` inside. Made when absent. */
  dataDir: string
  projectDir: string
  /** Takes sentences for the server's log. */
  log?: (sentence: string) => void
  /** Called at each change after the start; with the last error when the state is `failed`. */
  onState?: (state: EngineState, error?: unknown) => void
  /** Added to, or put over, the settings for this machine. */
  settings?: Record<string, string>
  /** For tests. */
  binaries?: Binaries
  root?: boolean
  systemFolder?: string
}

export type Engine = {
  target: DatabaseTarget
  version: string
  /** Did it run before, left by a server that was killed? */
  adopted: boolean
  /** Sentences for the person who started the server: where the data moved, which older data lie there. */
  notices: string[]
  place: EnginePlace
  state: () => EngineState
  /** Process id of PostgreSQL; null while there is none. */
  pid: () => number | null
  /** Fast shutdown with a checkpoint (SIGINT); SIGQUIT after five seconds. */
  stop: () => Promise<void>
  /** Looks after the engine no longer and leaves it running, for the server that holds the lock. */
  leave: () => void
}

const FAILED_STARTS_MAX = 5
/** An engine that starts well and dies again and again is given up as well. */
const DEATHS_MAX = 30
const WINDOW_MS = 5 * 60_000
const FAST_STOP_MS = 5_000
const BACK_OFF_MS = [0, 250, 1_000, 2_000, 4_000]

/**
 * Opens the embedded engine: adopts or starts it, and starts it again with back-off whenever it dies. After five starts in vain within
 * five minutes the state is `failed`.
 *
 * @throws EngineError when it cannot be opened at all
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const log = options.log ?? (() => {})
  const binaries = options.binaries ?? findBinaries()
  const place = placeEngine({ ...options, major: binaries.major })
  const settings = { ...engineSettings(machineMemory()), ...options.settings }

  let running: RunningEngine | null = await bringUp(place, binaries, settings, log)
  // An adopted engine's socket may lie elsewhere (another TMPDIR): a later start keeps the address.
  place.run = running.run
  const target: DatabaseTarget = {
    kind: 'embedded',
    socket: socketFile(place.run),
    user: ENGINE_USER,
    database: 'descent',
  }
  await ensureDatabase(target)

  let state: EngineState = 'running'
  const enter = (next: EngineState, error?: unknown) => {
    if (state === next) return
    state = next
    options.onState?.(next, error)
  }
  const isWanted = () => state === 'running' || state === 'restarting'

  async function lookAfter(): Promise<void> {
    const deaths: number[] = []
    const failedStarts: number[] = []
    while (running && isWanted()) {
      await running.gone
      if (!isWanted()) return
      log(`PostgreSQL (process ${running.pid}) has ended; starting it again.`)
      let lastError: unknown = new Error(
        `PostgreSQL has ended ${DEATHS_MAX} times within five minutes (log: ${place.log})`,
      )
      running = null
      deaths.push(Date.now())
      enter('restarting')
      while (!running && isWanted()) {
        const failures = recent(failedStarts)
        if (failures >= FAILED_STARTS_MAX || recent(deaths) >= DEATHS_MAX) return enter('failed', lastError)
        await pause(BACK_OFF_MS[failures] ?? 0, undefined, { ref: false })
        if (!isWanted()) return
        try {
          running = await bringUp(place, binaries, settings, log)
        } catch (error) {
          lastError = error
          failedStarts.push(Date.now())
          log(`PostgreSQL did not start: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
      if (running && isWanted()) enter('running')
    }
  }
  const looking = lookAfter()

  return {
    target,
    version: binaries.version,
    adopted: running.how === 'adopted',
    notices: place.notices,
    place,
    state: () => state,
    pid: () => running?.pid ?? null,
    stop: async () => {
      if (state === 'stopped') return
      const waitForStart = state === 'restarting'
      enter('stopping')
      // A start under way ends as a running engine, which is then stopped like any other.
      if (waitForStart) await looking
      if (running) await stopProcess(running.pid, place.data)
      running = null
      enter('stopped')
    },
    leave: () => enter('stopped'),
  }
}

function recent(times: number[]): number {
  return times.filter((at) => Date.now() - at < WINDOW_MS).length
}

async function stopProcess(pid: number, data: string): Promise<void> {
  const runs = () => isRunning(pid) && isEngineOf(pid, data)
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!runs()) return
    process.kill(pid, signal)
    for (const deadline = Date.now() + FAST_STOP_MS; Date.now() < deadline; await pause(10)) if (!runs()) return
  }
  if (runs()) throw new Error(`PostgreSQL (process ${pid}) did not stop within ${(2 * FAST_STOP_MS) / 1_000} s.`)
}
