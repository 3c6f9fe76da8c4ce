import { setTimeout as pause } from 'node:timers/promises'
import { EngineError } from './errors.ts'
import type { Binaries } from './find-binaries.ts'
import type { EnginePlace } from './place.ts'
import { answers, discardStranger, findHolder } from './postmaster-file.ts'
import { isEngineOf, isRunning } from './process-state.ts'
import { type RunningEngine, startPostgres } from './start.ts'

/** After a `kill -9` of the engine, its backends may hold the shared memory for some milliseconds. */
const RETRY_MS = 5_000
/** How long an engine that runs but does not answer (it recovers, or it stops) is waited for. */
const SILENT_ENGINE_MS = 60_000
const ADOPTED_LOOK_MS = 200

/**
 * The engine of a place: the one that runs there already (a server that was killed leaves it running), or a new one.
 *
 * @param log takes sentences worth a line in the server's log
 * @throws EngineError `in_use` when an engine holds the data and stays silent, `start_failed`
 */
export async function bringUp(
  place: EnginePlace,
  binaries: Binaries,
  settings: Record<string, string>,
  log: (sentence: string) => void,
): Promise<RunningEngine> {
  let deadline = Number.POSITIVE_INFINITY
  for (;;) {
    const adopted = await adopt(place)
    if (adopted) return adopted
    const holder = findHolder(place.data)
    if (holder.kind === 'stranger') {
      log(`postmaster.pid names process ${holder.pid}, which is not this folder's PostgreSQL: removed.`)
      discardStranger(place.data, holder.pid)
    }
    try {
      return await startPostgres(place, binaries, settings)
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw error
      deadline = Math.min(deadline, Date.now() + RETRY_MS)
      await pause(50)
    }
  }
}

async function adopt(place: EnginePlace): Promise<RunningEngine | null> {
  const deadline = Date.now() + SILENT_ENGINE_MS
  for (;;) {
    const holder = findHolder(place.data)
    if (holder.kind === 'none' && holder.run && (await answers(holder.run)))
      throw new EngineError(
        'in_use',
        `The data folder ${place.data} is in use by a PostgreSQL that this system cannot see, such as one in another container. Stop it, or set DATA_DIR to another folder.`,
      )
    if (holder.kind !== 'engine') return null
    const { pid, run } = holder
    if (run !== '' && (await answers(run))) return { pid, run, how: 'adopted', gone: whenGone(pid, place.data) }
    if (Date.now() > deadline)
      throw new EngineError(
        'in_use',
        `The data folder ${place.data} is in use by PostgreSQL process ${pid}, which does not answer. Stop it (kill -INT ${pid}) and start again.`,
      )
    await pause(50)
  }
}

/** An adopted engine is no child of ours: its end can only be looked for. */
function whenGone(pid: number, data: string): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (isRunning(pid) && isEngineOf(pid, data)) return
      clearInterval(look)
      resolve()
    }, ADOPTED_LOOK_MS)
    look.unref()
  })
}

function isPassing(error: unknown): boolean {
  return error instanceof EngineError && /shared memory block|lock file .* already exists|is empty/.test(error.message)
}
