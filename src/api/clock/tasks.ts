import { forgetWhatIsOver } from '#src/services/auth/forget-what-is-over.ts'
import type { ClockTask } from './start-clock.ts'

/** All that happens by itself. */
export const CLOCK_TASKS: readonly ClockTask[] = [
  { name: 'forget what is over', everyMs: 60 * 60_000, run: forgetWhatIsOver },
]
