import { waitMs } from '#src/core/live/news-digest.ts'

/**
 * Calls `work` at most once per `everyMs`, however often it is asked to: at once after a pause, else at the end of the pace, so that
 * the last asking is never lost. While `work` runs (a promise that is not settled) the next call waits for it.
 */
export function paceCalls(work: () => unknown, everyMs: number): { ask(): void; end(): void } {
  let lastMs: number | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let isRunning = false
  let isAsked = false

  async function call(): Promise<void> {
    timer = null
    isAsked = false
    lastMs = Date.now()
    isRunning = true
    try {
      await work()
    } catch {
      // Whoever asked shows what went wrong; here it only must not stop the next call.
    } finally {
      isRunning = false
    }
    if (isAsked) schedule()
  }

  function schedule(): void {
    if (timer === null && !isRunning) timer = setTimeout(() => void call(), waitMs(lastMs, Date.now(), everyMs))
  }

  return {
    ask: () => {
      isAsked = true
      schedule()
    },
    end: () => {
      isAsked = false
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
