import { expect, test } from 'vitest'
import type { RunState } from '../runs/states.ts'
import { endedBranches } from './ended-branches.ts'

const stage = (number: number, ...states: RunState[]) => ({
  number,
  state: states.includes('running') ? 'running' : states.length === 0 ? 'planned' : 'finished',
  run_states: Object.fromEntries(states.map((state) => [state, 1])),
})
const edge = (parent: number, child: number) => ({ parent: { number: parent }, child: { number: child } })

test('a branch whose runs all failed or were stopped is over, and one with a run that finished, goes on or is planned is not', () => {
  const stages = [
    stage(1, 'finished'),
    stage(2, 'failed'),
    stage(3, 'stopped', 'failed'),
    stage(4, 'failed', 'finished'),
    stage(5),
  ]
  expect([...endedBranches(stages, [edge(1, 2), edge(1, 3), edge(1, 4), edge(1, 5)])]).toEqual([2, 3])
})

test('a failed stage from whose checkpoint something goes on stays, however far below', () => {
  const stages = [stage(1, 'failed'), stage(2, 'stopped'), stage(3, 'running'), stage(4, 'failed')]
  expect([...endedBranches(stages, [edge(1, 2), edge(2, 3), edge(2, 4)])]).toEqual([4])
})
