import { describe, expect, it } from 'vitest'
import { doneWords, overLimit } from './bulk-words.ts'

const answer = (changed: number, more: { chosen?: number; leftOut?: number } = {}) => ({
  chosen: more.chosen ?? changed,
  changed,
  left_out: Array.from({ length: more.leftOut ?? 0 }, (_, i) => ({ uid: `${i}`, number: i, name: 'a', why: 'b' })),
  undo: [],
})

describe('what a change of many runs says', () => {
  it('says how many changed, were so already, and were left out', () => {
    expect(doneWords({ do: 'tag', tags: ['keep', 'seed 2'] }, answer(3, { chosen: 6, leftOut: 1 }))).toBe(
      'Tagged 3 runs with keep, seed 2. 2 runs were so already. 1 run left out.',
    )
    expect(doneWords({ do: 'untag', tags: ['keep'] }, answer(1))).toBe('Untagged 1 run: keep taken off.')
    expect(doneWords({ do: 'group', group: 'lr sweep' }, answer(2))).toBe('Grouped 2 runs as lr sweep.')
    expect(doneWords({ do: 'group', group: null }, answer(2))).toBe('Ungrouped 2 runs.')
    expect(doneWords({ do: 'archive' }, answer(1204))).toBe('Archived 1,204 runs.')
    expect(doneWords({ do: 'move', experiment: 2 }, answer(1))).toBe('Moved 1 run.')
    expect(doneWords({ do: 'move', experiment: 2, to_project: 'seven' }, answer(2))).toBe('Moved 2 runs to seven.')
  })

  it('a limit is said in numbers before anything is sent', () => {
    expect(overLimit('move', 500)).toBeNull()
    expect(overLimit('move', 501)).toBe('At most 500 runs are moved at once; 501 are chosen. Narrow the choice.')
  })
})
