import { expect, test } from 'vitest'
import type { StagePage } from '#src/protocol/lineage.ts'
import { keptWords } from './kept-words.ts'
import { mitigationWhys, mitigationWords, ownerWords } from './told-words.ts'

test('owner and team are told as far as they are known', () => {
  expect(ownerWords({ owner: 'Ada', team: 'Alignment' })).toBe('Ada, team Alignment')
  expect(ownerWords({ owner: null, team: 'Alignment' })).toBe('team Alignment')
  expect(ownerWords({ owner: null, team: null })).toBeNull()
})

test('what was done against forgetting says who says so, and “nothing” only where people said it', () => {
  const tags = [{ tag: 'replay' as const, why: '25 % replay in the mixture' }]
  expect(mitigationWords({ mitigations: { by: 'records', tags } })).toBe('replay (from the records)')
  expect(mitigationWords({ mitigations: { by: 'people', tags } })).toBe('replay (as people said)')
  expect(mitigationWhys({ mitigations: { by: 'records', tags } })).toBe('replay: 25 % replay in the mixture')
  expect(mitigationWords({ mitigations: { by: 'people', tags: [] } })).toBe('nothing, as people said')
  expect(mitigationWords({ mitigations: { by: 'records', tags: [] } })).toBeNull()
})

test('a reversible stage says what it kept as measured, and that it was not measured where it was not', () => {
  const kept = (parent: object) => keptWords({ forgetting: { parent } } as unknown as Pick<StagePage, 'forgetting'>)
  const none = { forgot: 0, retained: 0 }
  expect(kept({ retention: null, counts: none, budget: { verdict: null } })).toBe(
    'what it keeps with the adapter was not measured',
  )
  expect(
    kept({
      retention: { mean: -45.7, unit: 'points' },
      counts: { forgot: 3, retained: 1 },
      budget: { verdict: 'fail' },
    }),
  ).toBe('with the adapter, retention −45.7 points as measured, 3 forgotten of 4 to be kept')
  expect(kept({ retention: null, counts: { forgot: 1, inconclusive: 1 }, budget: { verdict: 'warn' } })).toBe(
    'with the adapter, as measured: 1 forgotten of 2 to be kept',
  )
})
