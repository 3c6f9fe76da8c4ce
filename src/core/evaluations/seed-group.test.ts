import { expect, test } from 'vitest'
import { seedGroups, seedSpread } from './seed-group.ts'

test('runs that differ only in seeds, at any depth and in any order of their fields, are one group', () => {
  const runs = [
    { id: 1, config: { lr: 1e-4, seed: 1, data: { shuffle_seed: 7, mix: ['a', 'b'] } } },
    { id: 2, config: { data: { mix: ['a', 'b'], shuffle_seed: 8 }, seed: 2, lr: 1e-4 } },
    { id: 3, config: { lr: 1e-4, seed: 3, data: { shuffle_seed: 7, mix: ['b', 'a'] } } },
    { id: 4, config: { lr: 1e-4, seeded: true, data: { mix: ['a', 'b'] } } },
  ]
  expect(seedGroups(runs).map((group) => group.map(({ id }) => id))).toEqual([[1, 2], [3], [4]])
})

test('a spread is told from three runs on; two runs have a mean only, none has nothing', () => {
  expect(seedSpread([40, 42, 44])).toEqual({ runs: 3, mean: 42, sd: 2 })
  expect(seedSpread([40, 42])).toEqual({ runs: 2, mean: 41, sd: null })
  expect(seedSpread([])).toBeNull()
})
