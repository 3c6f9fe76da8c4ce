import { SWEEP_S } from '#src/core/agents/job-states.ts'
import { sweepUploads } from '#src/services/artifacts/sweep.ts'
import { forgetWhatIsOver } from '#src/services/auth/forget-what-is-over.ts'
import type { Context } from '#src/services/context.ts'
import { releaseAllWaitingJobs } from '#src/services/jobs/release-all-waiting.ts'
import { repeatWriters } from '#src/services/jobs/repeat-writers.ts'
import { sweepAfterAbsence } from '#src/services/jobs/sweep-after-absence.ts'
import { markLostRuns } from '#src/services/runs/mark-lost.ts'
import { repeatRunEnds } from '#src/services/runs/repeat-ends.ts'
import type { ClockTask } from './start-clock.ts'

const HOUR_S = 3600
const WEEK_S = 7 * 24 * HOUR_S

/** Looks far back at the first turn that succeeds: the server may have been away for long; then only as far as a missed turn. */
function farAtFirst(work: (ctx: Context, sinceS: number) => Promise<unknown>, thenS: number): ClockTask['run'] {
  let sinceS = WEEK_S
  return async (ctx) => {
    await work(ctx, sinceS)
    sinceS = thenS
  }
}

/** All that happens by itself. */
export const CLOCK_TASKS: readonly ClockTask[] = [
  { name: 'sweep leases', everyMs: SWEEP_S * 1000, run: sweepAfterAbsence(3 * SWEEP_S * 1000, 1.5 * SWEEP_S * 1000) },
  { name: 'tell writers again', everyMs: SWEEP_S * 1000, run: farAtFirst(repeatWriters, HOUR_S) },
  { name: 'tell ends again', everyMs: SWEEP_S * 1000, run: farAtFirst(repeatRunEnds, 12 * SWEEP_S) },
  { name: 'release waiting jobs', everyMs: SWEEP_S * 1000, run: releaseAllWaitingJobs },
  { name: 'mark lost runs', everyMs: SWEEP_S * 1000, run: markLostRuns },
  { name: 'sweep uploads', everyMs: HOUR_S * 1000, run: sweepUploads },
  { name: 'forget what is over', everyMs: HOUR_S * 1000, run: forgetWhatIsOver },
]
