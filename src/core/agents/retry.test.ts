import { describe, expect, it } from 'vitest'
import type { EndReason } from '../runs/states.ts'
import { afterEnd, retryPauseS } from './retry.ts'

const becomes = (reason: EndReason, attempt = 1, canceling = false) =>
  afterEnd({ reason, attempt, maxAttempts: 3, canceling })

describe('what becomes of a job', () => {
  it('is finished when the program finished, even if somebody canceled it meanwhile', () => {
    expect(becomes('finished')).toEqual({ state: 'finished' })
    expect(becomes('finished', 1, true)).toEqual({ state: 'finished' })
  })

  it('is canceled when it was stopped on request', () => {
    expect(becomes('stopped')).toEqual({ state: 'canceled' })
    expect(becomes('killed', 1, true)).toEqual({ state: 'canceled' })
  })

  it.each(['lost', 'killed', 'preempted'] as const)('is repeated after %s until its attempts are used up', (reason) => {
    expect(becomes(reason, 1)).toEqual({ state: 'queued', pauseS: 5 })
    expect(becomes(reason, 2)).toEqual({ state: 'queued', pauseS: 10 })
    expect(becomes(reason, 3)).toEqual({ state: 'failed', exhausted: true })
  })

  it.each(['failed', 'timeout'] as const)('is not repeated after %s', (reason) => {
    expect(becomes(reason)).toEqual({ state: 'failed', exhausted: false })
  })

  it('pauses at most five minutes', () => {
    expect(retryPauseS(20)).toBe(300)
  })
})
