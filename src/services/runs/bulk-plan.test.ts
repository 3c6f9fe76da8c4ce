import { expect, test } from 'vitest'
import type { HeldRun } from '#src/db/queries/runs/lock-runs.ts'
import { isDifferent, objectionTo, undoOf } from './bulk-plan.ts'

const run = (uid: string, run_group: string | null, more: Partial<HeldRun> = {}): HeldRun => ({
  id: 1,
  uid,
  number: 1,
  name: uid,
  state: 'finished',
  tags: [],
  run_group,
  is_starred: false,
  archived_at: null,
  deleted_at: null,
  purge_started_at: null,
  ended_at: null,
  experiment_id: 1,
  experiment: 1,
  job_state: null,
  ...more,
})

const grouped = { do: 'group', group: 'new' } as const

test('each earlier group of runs is brought back by a step of its own, none for runs that were so already', () => {
  const runs = [run('a', 'old'), run('b', null), run('c', 'new'), run('d', 'old'), run('e', 'other')]
  expect(undoOf(runs, grouped)).toEqual([
    { change: { do: 'group', group: 'old' }, runs: ['a', 'd'] },
    { change: { do: 'group', group: null }, runs: ['b'] },
    { change: { do: 'group', group: 'other' }, runs: ['e'] },
  ])
})

test('an empty group is none, and a deleted run is grouped by nobody', () => {
  expect(isDifferent(run('a', ''), { do: 'group', group: null })).toBe(false)
  expect(undoOf([run('a', '')], grouped)).toEqual([{ change: { do: 'group', group: null }, runs: ['a'] }])
  expect(objectionTo(run('a', null, { deleted_at: '2026-11-01' }), grouped)).toBe('It was deleted. Restore it first.')
})
