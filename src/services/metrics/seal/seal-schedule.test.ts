import { describe, expect, test } from 'vitest'
import type { SealOutcome } from '../seal-outcome.ts'
import { SCHEDULE_LIMITS, SealSchedule } from './seal-schedule.ts'

const T = 1_800_000_000_000
const outcome = (runId: number, more: Partial<SealOutcome> = {}): SealOutcome => ({
  runId,
  version: 1,
  rewrites: 0,
  gone: [],
  carried: [],
  points: 0,
  isPartial: false,
  ms: 1,
  ...more,
})
const carrying = (points: number) => ({
  carried: [{ stream: -1, seq: 1, attempt: 1, points, receivedAtMs: T, data: Buffer.alloc(0) }],
})

describe('a run is sealed', () => {
  test('when its tail has 80,000 points or 512 kB, and not before', () => {
    const schedule = new SealSchedule()
    schedule.add(1, 79_999, 1, T)
    schedule.add(2, 1, 511_999, T)
    expect(schedule.next(T)).toBeNull()
    schedule.add(1, 1, 1, T)
    expect(schedule.next(T)).toEqual({ runId: 1, isForced: false })
    schedule.done(1, outcome(1))
    schedule.add(2, 1, 1, T)
    expect(schedule.next(T)).toEqual({ runId: 2, isForced: false })
    schedule.done(2, outcome(2))
    expect(schedule.next(T)).toBeNull()
  })

  test('to its last point when it has ended, and again when data come after that', () => {
    const schedule = new SealSchedule()
    schedule.add(1, 5, 100, T)
    schedule.setFinished(1, true)
    expect(schedule.next(T + SCHEDULE_LIMITS.lateMs)).toEqual({ runId: 1, isForced: true })
    schedule.done(1, outcome(1))
    expect(schedule.next(T + 60_000)).toBeNull()
    schedule.add(1, 1, 20, T + 60_000)
    expect(schedule.next(T + 60_000)).toBeNull()
    expect(schedule.next(T + 60_000 + SCHEDULE_LIMITS.lateMs)).toEqual({ runId: 1, isForced: true })
    schedule.done(1, outcome(1))
    schedule.setFinished(1, false)
    schedule.add(1, 1, 20, T + 70_000)
    expect(schedule.next(T + 80_000)).toBeNull()
  })

  test('also when only another process knows what it has', () => {
    const schedule = new SealSchedule()
    schedule.setFinished(7, true)
    expect(schedule.next(T)).toEqual({ runId: 7, isForced: true })
    schedule.done(7, null)
    expect(schedule.next(T)).toBeNull()
  })

  test('also when it ends while it is being sealed and only another process knows what came since', () => {
    const schedule = new SealSchedule()
    schedule.add(7, 80_000, 1, T)
    expect(schedule.next(T)).toEqual({ runId: 7, isForced: false })
    schedule.setFinished(7, true)
    schedule.done(7, outcome(7))
    expect(schedule.next(T + SCHEDULE_LIMITS.lateMs)).toEqual({ runId: 7, isForced: true })
  })

  test('by its whole size when it was forgotten while it was being sealed', () => {
    const schedule = new SealSchedule()
    schedule.add(1, 500_000, 1, T)
    schedule.next(T)
    schedule.forget(1)
    schedule.add(1, 10, 1, T)
    schedule.done(1, outcome(1))
    schedule.add(1, 79_990, 1, T)
    expect(schedule.next(T)).toEqual({ runId: 1, isForced: false })
  })

  test('by age only above 64 rows: one point a minute is not written again for ever', () => {
    const schedule = new SealSchedule()
    for (let i = 0; i < 64; i++) schedule.add(1, 1, 50, T)
    for (let i = 0; i < 65; i++) schedule.add(2, 1, 50, T)
    expect(schedule.next(T + SCHEDULE_LIMITS.idleMs - 1)).toBeNull()
    expect(schedule.next(T + SCHEDULE_LIMITS.idleMs + 60_000)).toEqual({ runId: 2, isForced: false })
    schedule.done(2, outcome(2, carrying(65)))
    expect(schedule.next(T + 10 * SCHEDULE_LIMITS.idleMs)).toBeNull()
  })

  test('once its new points are as many as those that were carried: very many keys are not written again with each seal', () => {
    const schedule = new SealSchedule()
    schedule.add(1, 80_000, 1, T)
    schedule.next(T)
    schedule.done(1, outcome(1, carrying(200_000)))
    schedule.add(1, 199_999, 600_000, T)
    expect(schedule.next(T)).toBeNull()
    schedule.add(1, 1, 1, T)
    expect(schedule.next(T)).toEqual({ runId: 1, isForced: false })
  })

  test('again at once while a piece of its tail is left', () => {
    const schedule = new SealSchedule()
    schedule.add(1, 90_000, 1, T)
    schedule.next(T)
    schedule.done(1, outcome(1, { isPartial: true }))
    expect(schedule.next(T)).toEqual({ runId: 1, isForced: false })
    schedule.done(1, outcome(1))
    expect(schedule.next(T)).toBeNull()
  })

  test('by what the tables had at start', () => {
    const schedule = new SealSchedule()
    const size = { rows: 1, points: 1, bytes: 1, carriedPoints: 0, newestMs: T, isFinished: false }
    schedule.take([
      { ...size, runId: 1 },
      { ...size, runId: 2, points: 80_000 },
      { ...size, runId: 3, isFinished: true, rows: 0, points: 0, carriedPoints: 9, newestMs: 0 },
    ])
    const runs = [schedule.next(T)?.runId]
    schedule.done(2, outcome(2))
    runs.push(schedule.next(T)?.runId)
    schedule.done(3, outcome(3))
    expect([...runs, schedule.next(T)]).toEqual([2, 3, null])
  })
})

test('points that came while a seal ran count for the next one, and never twice', () => {
  const schedule = new SealSchedule()
  schedule.add(1, 80_000, 1, T)
  for (let i = 0; i < 10; i++) {
    expect(schedule.next(T)).toEqual({ runId: 1, isForced: false })
    schedule.add(1, 20_000, 1, T)
    schedule.done(1, outcome(1))
    expect(schedule.next(T)).toBeNull()
    schedule.add(1, 60_000, 1, T)
  }
})

describe('a run whose seal fails', () => {
  test('waits longer each time, and others go on', () => {
    const schedule = new SealSchedule()
    schedule.add(1, 80_000, 1, T)
    schedule.add(2, 80_000, 1, T)
    const pauses: number[] = []
    let now = T
    for (let i = 0; i < 12; i++) {
      let job = schedule.next(now)
      while (job && job.runId !== 1) {
        schedule.done(job.runId, outcome(job.runId))
        schedule.add(2, 80_000, 1, now)
        job = schedule.next(now)
      }
      expect(job?.runId).toBe(1)
      pauses.push(schedule.failed(1, now))
      expect(schedule.next(now)).toEqual({ runId: 2, isForced: false })
      schedule.done(2, outcome(2))
      schedule.add(2, 80_000, 1, now)
      now += pauses[i] as number
    }
    expect(pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000])
    expect(pauses[11]).toBe(SCHEDULE_LIMITS.retryMsMax)
  })
})

describe('it is behind', () => {
  test('with more than 30 runs past their size', () => {
    const schedule = new SealSchedule()
    for (let run = 1; run <= 30; run++) schedule.add(run, 80_000, 1, T)
    expect(schedule.isBehind).toBe(false)
    schedule.add(31, 80_000, 1, T)
    expect(schedule.isBehind).toBe(true)
    const job = schedule.next(T)
    schedule.done(job?.runId ?? 0, outcome(job?.runId ?? 0))
    expect(schedule.isBehind).toBe(false)
  })

  test('with more than 5 million points of such runs; ended runs and failing ones do not count', () => {
    const schedule = new SealSchedule()
    schedule.add(1, 5_000_000, 1, T)
    expect(schedule.isBehind).toBe(false)
    schedule.add(1, 1, 1, T)
    expect(schedule.behind).toEqual({ runs: 1, points: 5_000_001 })
    expect(schedule.isBehind).toBe(true)
    schedule.next(T)
    schedule.failed(1, T)
    expect(schedule.isBehind).toBe(false)
    for (let run = 100; run < 200; run++) {
      schedule.add(run, 10, 1, T)
      schedule.setFinished(run, true)
    }
    expect(schedule.isBehind).toBe(false)
  })
})
