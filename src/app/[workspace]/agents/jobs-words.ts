import { formatExactCount } from '#src/core/format/count.ts'
import type { AgentsPage } from '#src/protocol/agents.ts'

/** "3 jobs"; "the first 500 of 1,204 jobs" where a list holds less than the queues count. */
export function jobsWords(
  shown: readonly unknown[],
  queues: AgentsPage['queues'],
  which: 'waiting' | 'running',
): string {
  const all = Math.max(
    shown.length,
    queues.reduce((sum, queue) => sum + queue[which], 0),
  )
  const jobs = `${formatExactCount(all)} ${all === 1 ? 'job' : 'jobs'}`
  return all > shown.length ? `the first ${formatExactCount(shown.length)} of ${jobs}` : jobs
}
