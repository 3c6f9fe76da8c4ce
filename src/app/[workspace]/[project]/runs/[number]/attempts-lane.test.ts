import { expect, test } from 'vitest'
import { attemptsLane } from './attempts-lane.ts'

const at = (seconds: number) => new Date(seconds * 1_000).toISOString()

const attempt = (number: number, first: number, last: number | null, start: number, end: number | null) => ({
  number,
  first_step: first,
  last_step: last,
  created_at: at(start),
  started_at: at(start),
  ended_at: end === null ? null : at(end),
})

test('one attempt that runs is one solid stretch up to now', () => {
  const lane = attemptsLane(at(0), [attempt(1, 0, 10, 0, null)], 30_000)
  expect(lane.stretches).toEqual([{ kind: 'kept', from: 0, to: 30_000, attempt: 1 }])
})

test('steps done again are hatched, the wait between attempts is a stretch of its own', () => {
  const lane = attemptsLane(at(0), [attempt(1, 0, 49, 0, 50), attempt(2, 40, 89, 100, 150)], 999_000)
  expect(lane.stretches).toEqual([
    { kind: 'kept', from: 0, to: 40_000, attempt: 1 },
    { kind: 'superseded', from: 40_000, to: 50_000, attempt: 1 },
    { kind: 'waiting', from: 50_000, to: 100_000, attempt: 2 },
    { kind: 'kept', from: 100_000, to: 150_000, attempt: 2 },
  ])
  expect(lane.supersededSteps).toEqual([{ from: 40, to: 49 }])
})

test('an attempt that was resumed from its beginning is superseded whole', () => {
  const lane = attemptsLane(at(0), [attempt(1, 0, 4, 0, 5), attempt(2, 0, 9, 5, 15)], 15_000)
  expect(lane.stretches.map((s) => s.kind)).toEqual(['superseded', 'kept'])
})

test('a run that waits for its first attempt shows the wait', () => {
  const lane = attemptsLane(at(0), [attempt(1, 0, null, 20, null)], 25_000)
  expect(lane.stretches[0]).toEqual({ kind: 'waiting', from: 0, to: 20_000, attempt: 1 })
})
