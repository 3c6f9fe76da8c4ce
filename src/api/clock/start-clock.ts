import { randomUUID } from 'node:crypto'
import type { Context, Services } from '#src/services/context.ts'
import { refusalOfFailure } from '#src/services/failures.ts'

/** Something that is due from time to time, whoever asks. */
export interface ClockTask {
  name: string
  everyMs: number
  run(ctx: Context): Promise<unknown>
}

export interface Clock {
  /** Starts no more tasks and waits for those that run. */
  stop(): Promise<void>
}

/**
 * The clock as a caller of verbs: each task at its own pace, never two of the same at once. A task that fails is logged and tried again
 * at its next turn; while the doors are shut none is started.
 */
export function startClock(services: Services, tasks: readonly ClockTask[], isOpen: () => boolean): Clock {
  const running = new Set<Promise<void>>()
  const timers = tasks.map((task) => {
    let busy = false
    const turn = () => {
      if (busy || !isOpen()) return
      busy = true
      const work = attempt(services, task).finally(() => {
        busy = false
        running.delete(work)
      })
      running.add(work)
    }
    return setInterval(turn, task.everyMs).unref()
  })
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running)
    },
  }
}

async function attempt(services: Services, task: ClockTask): Promise<void> {
  const requestId = randomUUID()
  try {
    await task.run({ actor: { kind: 'clock' }, requestId, services, db: services.db })
  } catch (error) {
    const refusal = refusalOfFailure(error)
    if (refusal?.code === 'unavailable') return
    services.log.error({ err: error, request_id: requestId, task: task.name }, 'A task of the clock failed.')
  }
}
