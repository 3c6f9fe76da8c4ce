/** A duty of the clock: repeated work that never overlaps itself. */
export interface Duty {
  name: string
  everyMs: number
  work(): Promise<unknown>
}

/**
 * Does a duty now and then again `everyMs` after each end, until stopped. A failure is told and does not end it.
 *
 * @returns stops it, and resolves when the work that runs at the moment has ended
 */
export function repeat(duty: Duty, failed: (error: unknown, duty: string) => void): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  const turn = async (): Promise<void> => {
    try {
      await duty.work()
    } catch (error) {
      failed(error, duty.name)
    }
    if (stopped) return
    timer = setTimeout(start, duty.everyMs)
    timer.unref()
  }
  const start = (): void => {
    running = turn()
  }
  start()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
