import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreement } from './agreement.ts'
import { seededUniform } from './bootstrap.ts'
import { type Battle, bradleyTerry, type RatedModel } from './bradley-terry.ts'
import { winRate } from './win-rate.ts'

const battles = (a: string, b: string, [won, tied, lost]: readonly [number, number, number]): Battle[] => [
  ...Array.from({ length: won }, () => ({ a, b, score: 1 as const })),
  ...Array.from({ length: tied }, () => ({ a, b, score: 0.5 as const })),
  ...Array.from({ length: lost }, () => ({ a, b, score: 0 as const })),
]
const rated = (all: readonly Battle[], anchor: string): RatedModel[] => {
  const ratings = bradleyTerry(all, anchor)
  if (ratings.kind === 'undefined') throw new Error(ratings.apart.join())
  return ratings.models
}
const of = (models: readonly RatedModel[], id: string) => models.find((model) => model.id === id)

describe('ratings of battles', () => {
  test('two models: what the win rate says, ties as half', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.integer({ min: 1, max: 40 }), (won, tied, lost) => {
        const models = rated(battles('new', 'base', [won, tied, lost]), 'base')
        expect((of(models, 'new')?.rating ?? 0) - 1000).toBeCloseTo(winRate(won, lost, tied).rating ?? Number.NaN, 5)
        expect(of(models, 'base')?.rating).toBe(1000)
      }),
      { numRuns: 30 },
    )
  })
  test('a fit meets the wins of each model', () => {
    // The likelihood's condition: the wins that the ratings expect are those that came.
    const all = [
      ...battles('a', 'b', [7, 2, 3]),
      ...battles('b', 'c', [9, 1, 4]),
      ...battles('c', 'a', [5, 3, 2]),
      ...battles('d', 'a', [1, 0, 8]),
    ]
    const models = rated(all, 'a')
    const chance = (x: string, y: string) =>
      1 / (1 + 10 ** (((of(models, y)?.rating ?? 0) - (of(models, x)?.rating ?? 0)) / 400))
    for (const id of ['a', 'b', 'c', 'd']) {
      const own = all.filter((battle) => battle.a === id || battle.b === id)
      const won = own.reduce((sum, battle) => sum + (battle.a === id ? battle.score : 1 - battle.score), 0)
      const expected = own.reduce((sum, battle) => sum + chance(id, battle.a === id ? battle.b : battle.a), 0)
      expect(expected).toBeCloseTo(won, 6)
    }
  })
  test('the order of battles and of their sides changes no rating', () => {
    const all = [...battles('a', 'b', [5, 1, 2]), ...battles('b', 'c', [4, 0, 3])]
    const turned = all.toReversed().map(({ a, b, score }) => ({ a: b, b: a, score: (1 - score) as 1 | 0.5 | 0 }))
    for (const { id, rating } of rated(all, 'c')) expect(of(rated(turned, 'c'), id)?.rating).toBeCloseTo(rating, 6)
  })
  test('who never lost has no rating, and is named', () => {
    const all = [...battles('a', 'b', [5, 0, 0]), ...battles('b', 'c', [2, 0, 3])]
    expect(bradleyTerry(all, 'b')).toEqual({ kind: 'undefined', apart: ['a'] })
    expect(winRate(5, 0)).toMatchObject({ share: 1, rating: null, ratingSe: null })
    expect(winRate(5, 0).low).toBeCloseTo(0.5655, 4)
  })
  test('intervals hold the rating, repeat themselves and give ranks with ties', () => {
    const all = [
      ...battles('a', 'b', [52, 6, 48]),
      ...battles('b', 'c', [80, 5, 20]),
      ...battles('a', 'c', [81, 4, 20]),
    ]
    const models = rated(all, 'c')
    expect(models).toEqual(rated(all, 'c'))
    for (const { rating, low, high } of models) {
      expect(low).toBeLessThanOrEqual(rating)
      expect(high).toBeGreaterThanOrEqual(rating)
    }
    expect(models.map(({ id, rank }) => [id, rank])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 3],
    ])
  })
  test('judgements of one prompt are drawn together, which widens the interval', () => {
    const uniform = seededUniform(1)
    const prompts = Array.from({ length: 30 }, (_, i) => ({
      prompt: `p${i}`,
      score: (uniform() < 0.6 ? 1 : 0) as 1 | 0,
    }))
    const all = prompts.flatMap((own) => Array.from({ length: 5 }, () => ({ a: 'new', b: 'base', ...own })))
    const width = (some: readonly Battle[]) => {
      const { low, high } = of(rated(some, 'base'), 'new') ?? {}
      return (high ?? 0) - (low ?? 0)
    }
    const alone = all.map(({ a, b, score }) => ({ a, b, score }))
    expect(width(all)).toBeGreaterThan(1.6 * width(alone))
  })
  test('an anchor without battles and a battle with oneself are refused by name', () => {
    expect(() => bradleyTerry(battles('a', 'b', [1, 0, 1]), 'c')).toThrow(/anchor "c" has no battle; name one of a, b/)
    expect(() => bradleyTerry(battles('a', 'a', [1, 0, 1]), 'a')).toThrow(/"a" battles itself/)
  })
})

describe('agreement of raters', () => {
  test('by chance alone is 0, always is 1, and of one verdict is not defined', () => {
    expect(
      agreement([
        [25, 25],
        [25, 25],
      ]).kappa,
    ).toBe(0) // prettier-ignore
    expect(
      agreement([
        [3, 0],
        [0, 7],
      ]).kappa,
    ).toBeCloseTo(1, 12) // prettier-ignore
    expect(
      agreement([
        [9, 0],
        [0, 0],
      ]),
    ).toEqual({ observed: 1, expected: 1, kappa: null }) // prettier-ignore
  })
  test('72.6 % of balanced two-way choices is 0.45', () =>
    expect(
      agreement([
        [363, 137],
        [137, 363],
      ]).kappa,
    ).toBeCloseTo(0.452, 3)) // prettier-ignore
  test('a table that is not square, or empty, is refused', () => {
    expect(() => agreement([[1, 2]])).toThrow(/table.0 has 2 columns; a square table has 1/)
    expect(() => agreement([[0]])).toThrow(/no case/)
  })
})
