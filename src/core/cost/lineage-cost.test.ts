import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CostEdge, lineageCost } from './lineage-cost.ts'
import { decimal } from './money.ts'
import { lacking, runsLacking, shareTally, sumTallies, type Tally, tallyOf } from './tally.ts'

const usd = (amount: number | string) => tallyOf({ amount: String(amount), currency: 'USD' })
const amountOf = (tally: Tally | undefined) => tally?.amounts[0]?.amount ?? '0'
const edge = (child: string, parent: string, kind: CostEdge<string>['kind'] = 'init') => ({ child, parent, kind })

const NODES = new Map(
  Object.entries({ base: 0, cpt: 1000, sft: 100, dpoA: 50, dpoB: 60, rm: 80, rlvr: 200 }).map(([id, cost]) => [
    id,
    usd(cost),
  ]),
)
const EDGES = [
  edge('cpt', 'base'),
  edge('sft', 'cpt'),
  edge('dpoA', 'sft'),
  edge('dpoB', 'sft'),
  edge('rlvr', 'dpoA'),
  edge('rlvr', 'rm', 'reward_model'),
]

describe('a lineage', () => {
  test('counts shared ancestors and dependencies once', () => {
    const { full, union, naiveSum, marginal, allocated } = lineageCost(NODES, EDGES, ['rlvr', 'dpoB'])
    expect([full, marginal, allocated].map((view) => [...view.values()].map(amountOf))).toEqual([
      ['1430', '1160'],
      ['330', '60'],
      ['880', '610'],
    ])
    expect([amountOf(union), amountOf(naiveSum)]).toEqual(['1490', '2590'])
  })
  test('a reference to the checkpoint that also gave the weights counts once', () =>
    expect(amountOf(lineageCost(NODES, [...EDGES, edge('dpoA', 'sft', 'reference')], ['dpoA']).union)).toBe('1150'))
  test.each(['tokenizer', 'data'] as const)('an edge that only explains (%s) carries no cost', (kind) =>
    expect(amountOf(lineageCost(NODES, [edge('dpoB', 'rm', kind)], ['dpoB']).union)).toBe('60'),
  )
  test('an unknown node, an unknown leaf and a cycle are named', () => {
    expect(() => lineageCost(NODES, [edge('sft', 'zz')], ['sft'])).toThrow('names an unknown node: zz')
    expect(() => lineageCost(NODES, [], ['zz'])).toThrow('unknown leaf zz')
    expect(() => lineageCost(NODES, [edge('cpt', 'sft'), edge('sft', 'cpt')], ['sft'])).toThrow(
      'cycle through cpt, sft',
    )
    expect(() => lineageCost(NODES, [], ['sft', 'sft'])).toThrow('each leaf is named once')
  })
  test('what a total lacks goes with it into every view, and is told by runs', () => {
    const nodes = new Map(NODES).set('sft', lacking({ why: 'no_price', runId: 7, what: 'L40S', on: '2026-03-02' }))
    const { full, allocated, marginal } = lineageCost(nodes, EDGES, ['dpoA', 'dpoB'])
    expect(runsLacking(full.get('dpoA') as Tally)).toBe(1)
    expect(allocated.get('dpoB')?.lacks).toHaveLength(1)
    expect(marginal.get('dpoB')?.lacks).toEqual([])
  })
})

/** Nodes 0…n−1 with edges from later to earlier ones, and some leaves. */
const graphs = fc
  .integer({ min: 1, max: 12 })
  .chain((n) =>
    fc.record({
      costs: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: n, maxLength: n }),
      pairs: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 30 }),
      leaves: fc.uniqueArray(fc.nat(n - 1), { minLength: 1, maxLength: n }),
    }),
  )
  .map(({ costs, pairs, leaves }) =>
    lineageCost(
      new Map(costs.map((cents, i) => [i, usd(decimal(cents).div(100).toFixed())])),
      pairs
        .filter(([a, b]) => a !== b)
        .map(([a, b]) => ({ child: Math.max(a, b), parent: Math.min(a, b), kind: 'init' as const })),
      leaves,
    ),
  )

describe('laws', () => {
  test('a union with shared ancestors costs at most the sum, and at least the dearest leaf', () =>
    fc.assert(
      fc.property(graphs, ({ union, naiveSum, full }) => {
        expect(decimal(amountOf(union)).lte(amountOf(naiveSum))).toBe(true)
        for (const cost of full.values()) expect(decimal(amountOf(cost)).lte(amountOf(union))).toBe(true)
      }),
    ))
  test('allocated costs sum to the union, to the last digit', () =>
    fc.assert(
      fc.property(graphs, ({ union, allocated }) => {
        expect(amountOf(sumTallies(allocated.values()))).toBe(amountOf(union))
      }),
    ))
  test('marginal ≤ allocated ≤ full, and with one leaf all are equal', () =>
    fc.assert(
      fc.property(graphs, ({ marginal, allocated, full }) => {
        for (const [leaf, cost] of full) {
          const [least, middle] = [amountOf(marginal.get(leaf)), amountOf(allocated.get(leaf))]
          // A share is cut at 12 places and the last takes what is left.
          expect(decimal(least).minus('1e-9').lte(middle)).toBe(true)
          expect(decimal(middle).minus('1e-9').lte(amountOf(cost))).toBe(true)
          if (full.size === 1) expect([least, middle]).toEqual([amountOf(cost), amountOf(cost)])
        }
      }),
    ))
  test('shares of a tally sum to it', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 50 }), (cents, n) => {
        const whole = usd(decimal(cents).div(100).toFixed())
        expect(sumTallies(shareTally(whole, n))).toEqual(sumTallies([whole]))
      }),
    ))
})
