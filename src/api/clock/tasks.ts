import { SWEEP_S } from '#src/core/agents/job-states.ts'
import { collectBlobs } from '#src/services/artifacts/collect-blobs.ts'
import { sweepUploads } from '#src/services/artifacts/sweep.ts'
import { forgetWhatIsOver } from '#src/services/auth/forget-what-is-over.ts'
import type { Context } from '#src/services/context.ts'
import { packOldItems } from '#src/services/evaluations/pack-old-items.ts'
import { releaseAllWaitingJobs } from '#src/services/jobs/release-all-waiting.ts'
import { repeatWriters } from '#src/services/jobs/repeat-writers.ts'
import { sweepAfterAbsence } from '#src/services/jobs/sweep-after-absence.ts'
import { markLostRuns } from '#src/services/runs/mark-lost.ts'
import { purgeDeletedRuns } from '#src/services/runs/purge-deleted.ts'
import { repeatRunEnds } from '#src/services/runs/repeat-ends.ts'
import { thinOldRuns } from '#src/services/runs/thin-old.ts'
import type { ClockTask } from './start-clock.ts'

const HOUR_S = 3600
const WEEK_S = 7 * 24 * HOUR_S
/** A turn works four seconds at most, so that deletion and thinning never take the clock for themselves. */
const RETENTION_EVERY_MS = 5_000
const COLLECT_MS = 10_000

/** Looks far back at the first turn that succeeds: the server may have been away for long; then only as far as a missed turn. */
function farAtFirst(work: (ctx: Context, sinceS: number) => Promise<unknown>, thenS: number): ClockTask['run'] {
  let sinceS = WEEK_S
  return async (ctx) => {
    await work(ctx, sinceS)
    sinceS = thenS
  }
}

const packing = packOldItems()
const packedOnce: ClockTask['run'] = (ctx) => packing(ctx)

/** All that happens by itself. */
export const CLOCK_TASKS: readonly ClockTask[] = [
  { name: 'sweep leases', everyMs: SWEEP_S * 1000, run: sweepAfterAbsence(3 * SWEEP_S * 1000, 1.5 * SWEEP_S * 1000) },
  { name: 'tell writers again', everyMs: SWEEP_S * 1000, run: farAtFirst(repeatWriters, HOUR_S) },
  { name: 'tell ends again', everyMs: SWEEP_S * 1000, run: farAtFirst(repeatRunEnds, 12 * SWEEP_S) },
  { name: 'release waiting jobs', everyMs: SWEEP_S * 1000, run: releaseAllWaitingJobs },
  { name: 'mark lost runs', everyMs: SWEEP_S * 1000, run: markLostRuns },
  { name: 'delete for good', everyMs: RETENTION_EVERY_MS, run: (ctx) => purgeDeletedRuns(ctx) },
  { name: 'thin old runs', everyMs: 3 * RETENTION_EVERY_MS, run: (ctx) => thinOldRuns(ctx) },
  { name: 'pack old items', everyMs: 3 * RETENTION_EVERY_MS, run: packedOnce },
  { name: 'collect content', everyMs: HOUR_S * 1000, run: (ctx) => collectBlobs(ctx, performance.now() + COLLECT_MS) },
  { name: 'sweep uploads', everyMs: HOUR_S * 1000, run: sweepUploads },
  { name: 'forget what is over', everyMs: HOUR_S * 1000, run: forgetWhatIsOver },
]
