import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cyclePath } from './find-cycle.ts'
import { stageTokens } from './stage-tokens.ts'
import { lineEnd, thinLine } from './thin-line.ts'
import { allWeightAncestors, ancestorsByWeight, principalEdge } from './weight-path.ts'

const edge = (child: number, parent: number) => ({ child, parent })
const init = (child: number, parent: number) => ({ child, parent, kind: 'init' as const, weight: null })

describe('cycles', () => {
  test('name the way from the child down to the parent', () =>
    expect(cyclePath([edge(2, 1), edge(3, 2)], 1, 3)).toEqual([1, 2, 3]))
  test('an edge to itself is one', () => expect(cyclePath([], 1, 1)).toEqual([1]))
  test('a diamond is none', () => expect(cyclePath([edge(2, 1), edge(3, 1), edge(4, 2)], 4, 3)).toBeNull())
  test('edges that always point to smaller ids never close one', () => {
    const edges = fc.array(fc.tuple(fc.nat(30), fc.nat(30)).filter(([a, b]) => a > b))
    fc.assert(
      fc.property(edges, fc.tuple(fc.nat(30), fc.nat(30)), (pairs, [child, parent]) => {
        if (child <= parent) return
        expect(
          cyclePath(
            pairs.map(([a, b]) => edge(a, b)),
            child,
            parent,
          ),
        ).toBeNull()
      }),
    )
  })
})

describe('the weight path', () => {
  test('ends at the root and ignores edges that carry no weights', () => {
    const edges = [init(2, 1), init(3, 2), { child: 3, parent: 9, kind: 'reference' as const, weight: null }]
    expect(ancestorsByWeight(edges, 3)).toEqual([2, 1])
    expect(ancestorsByWeight(edges, 1)).toEqual([])
  })
  test('of a merge follows the largest weight, the smaller id among equals', () => {
    const merge = (parent: number, weight: number) => ({ child: 5, parent, kind: 'merge' as const, weight })
    expect(principalEdge([merge(1, 0.3), merge(2, 0.7)], 5)?.parent).toBe(2)
    expect(principalEdge([merge(2, 0.5), merge(1, 0.5)], 5)?.parent).toBe(1)
    expect([...allWeightAncestors([merge(1, 0.3), merge(2, 0.7), init(2, 0)], 5)]).toEqual([1, 2, 0])
  })
  test('ends in damaged data instead of running for ever', () =>
    expect(ancestorsByWeight([init(1, 2), init(2, 1)], 1)).toEqual([2]))
})

describe('tokens of a stage', () => {
  test.each([
    [{ first: 100, last: 900 }, null, { own: 900, total: 900 }],
    [{ first: 1010, last: 1500 }, 1000, { own: 500, total: 1500 }],
    [{ first: 10, last: 500 }, 1000, { own: 500, total: 1500 }],
    [{ first: null, last: null }, 1000, { own: null, total: 1000 }],
  ])('%j after %j', (seen, before, want) => expect(stageTokens(seen, before)).toEqual(want))
})

describe('the line of a card', () => {
  test('has at most so many points and keeps gaps', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 500 }), fc.integer({ min: 1, max: 120 }), (y, max) => {
        const line = thinLine(
          y.map((_, i) => i),
          y,
          max,
        )
        expect(line.x.length).toBeLessThanOrEqual(max)
        expect(line.y.length).toBe(line.x.length)
      }),
    )
    expect(thinLine([0, 1, 2, 3], [1, 3, Number.NaN, Number.NaN], 2)).toEqual({ x: [0, 2], y: [2, null] })
    expect(lineEnd([5, 1, null])).toBeNull()
    expect(lineEnd([5, 1])).toBe(1)
  })
})
