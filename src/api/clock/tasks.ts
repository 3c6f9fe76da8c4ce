import { SWEEP_S } from '#src/core/agents/job-states.ts'
import { sweepUploads } from '#src/services/artifacts/sweep.ts'
import { forgetWhatIsOver } from '#src/services/auth/forget-what-is-over.ts'
import { releaseAllWaitingJobs } from '#src/services/jobs/release-all-waiting.ts'
import { repeatWriters } from '#src/services/jobs/repeat-writers.ts'
import { sweepAfterAbsence } from '#src/services/jobs/sweep-after-absence.ts'
import { markLostRuns } from '#src/services/runs/mark-lost.ts'
import type { ClockTask } from './start-clock.ts'

const HOUR_S = 3600

/** All that happens by itself. */
export const CLOCK_TASKS: readonly ClockTask[] = [
  { name: 'sweep leases', everyMs: SWEEP_S * 1000, run: sweepAfterAbsence(3 * SWEEP_S * 1000, 1.5 * SWEEP_S * 1000) },
  { name: 'tell writers again', everyMs: SWEEP_S * 1000, run: (ctx) => repeatWriters(ctx, HOUR_S) },
  { name: 'release waiting jobs', everyMs: SWEEP_S * 1000, run: releaseAllWaitingJobs },
  { name: 'mark lost runs', everyMs: SWEEP_S * 1000, run: markLostRuns },
  { name: 'sweep uploads', everyMs: HOUR_S * 1000, run: sweepUploads },
  { name: 'forget what is over', everyMs: HOUR_S * 1000, run: forgetWhatIsOver },
]
