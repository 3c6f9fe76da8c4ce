import { forgetWhatIsOver } from '#src/services/auth/forget-what-is-over.ts'
import { sweepLeases } from '#src/services/jobs/sweep-leases.ts'
import type { ClockTask } from './start-clock.ts'

/** All that happens by itself. */
export const CLOCK_TASKS: readonly ClockTask[] = [
  { name: 'sweep leases', everyMs: 5_000, run: sweepLeases },
  { name: 'forget what is over', everyMs: 60 * 60_000, run: forgetWhatIsOver },
]
