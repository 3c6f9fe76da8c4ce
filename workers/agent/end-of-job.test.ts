import { describe, expect, it } from 'vitest'
import { endOfJob } from './end-of-job.ts'

type End = Parameters<typeof endOfJob>[0]
const told = (end: Partial<End>) =>
  endOfJob({
    exit: { code: null, signal: 'SIGKILL' },
    stopping: null,
    outOfMemory: false,
    timeoutS: 60,
    command: 'python base.py',
    ...end,
  })

describe('the end of a job is told in the order in which an operator asks', () => {
  it.each<[string, string, Partial<End>]>([
    ['timeout', 'Timed out after 60 s: python base.py', { stopping: 'timeout', outOfMemory: true }],
    ['stopped', 'Stopped on request: python base.py', { stopping: 'cancel', outOfMemory: true }],
    ['stopped', 'Stopped on request: python base.py', { stopping: 'stop' }],
    ['killed', 'Out of memory, killed by the system: python base.py', { outOfMemory: true }],
    ['killed', 'Killed by SIGKILL: python base.py', {}],
    ['preempted', 'Ended by SIGTERM: python base.py', { exit: { code: null, signal: 'SIGTERM' } }],
    ['preempted', 'Ended by SIGTERM: python base.py', { exit: { code: 143, signal: null } }],
    ['stopped', 'Stopped on request: python base.py', { exit: { code: 130, signal: null } }],
    ['failed', 'Exit code 3: python base.py', { exit: { code: 3, signal: null } }],
    ['finished', '', { exit: { code: 0, signal: null }, stopping: 'cancel' }],
    [
      'lost',
      'Ended while its agent was away; how is not known: python base.py',
      { exit: { code: null, signal: null } },
    ],
  ])('%s: %s', (reason, message, end) => {
    expect(told(end)).toEqual({ reason, message })
  })
})
