import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { trainedTokens } from './trained-tokens.ts'

const edge = (child: number, parent: number, kind: 'init' | 'merge' | 'data' = 'init') => ({
  child,
  parent,
  kind,
  weight: null,
})

describe('tokens trained for a stage', () => {
  test('count a shared ancestor once, and the longest way apart', () =>
    expect(
      trainedTokens(
        [edge(2, 1), edge(3, 1), edge(4, 2, 'merge'), edge(4, 3, 'merge')],
        new Map([
          [1, 6000],
          [2, 100],
          [3, 300],
          [4, null],
        ]),
        4,
      ),
    ).toEqual({ all: 6400, longest: 6300 }))
  test('follow weights only', () =>
    expect(
      trainedTokens(
        [edge(2, 1, 'data')],
        new Map([
          [1, 5],
          [2, 3],
        ]),
        2,
      ),
    ).toEqual({ all: 3, longest: 3 }))
  test('along a line are the same in all and on the longest way, and never less than the stage’s own', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(1e9), { minLength: 1, maxLength: 20 }), (tokens) => {
        const edges = tokens.slice(1).map((_, i) => edge(i + 1, i))
        const { all, longest } = trainedTokens(edges, new Map(tokens.map((n, i) => [i, n])), tokens.length - 1)
        expect(all).toBe(longest)
        expect(all).toBe(tokens.reduce((sum, n) => sum + n, 0))
      }),
    ))
})
