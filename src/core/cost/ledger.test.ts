import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Ledger, type LedgerCheckpoint, type LedgerRun, ledgerOf } from './ledger.ts'
import { lineageCost } from './lineage-cost.ts'
import { decimal } from './money.ts'
import type { PriceRecord } from './price-book.ts'
import { segmentsOf } from './segments.ts'
import { sumTallies, type Tally } from './tally.ts'

const HOUR = 3_600_000
const BOOK: PriceRecord[] = [
  {
    device: 'L4',
    provider: null,
    region: null,
    commitment: null,
    currency: 'USD',
    low: null,
    typical: '1',
    high: null,
    paid: null,
    assumed: false,
    source: 'a list',
    pricedOn: null,
    validFrom: null,
    validTo: null,
    origin: 'workspace',
  },
]

/** A run that held one L4 at 1 USD per hour in each attempt. */
function run(id: number, experimentId: number, spans: [number, number][], more: Partial<LedgerRun> = {}): LedgerRun {
  return {
    id,
    number: id,
    experimentId,
    kind: 'train',
    state: 'finished',
    config: {},
    seed: null,
    lastStep: 100,
    isDeleted: false,
    targetId: null,
    attempts: spans.map(([from], i) => ({
      number: i + 1,
      firstStep: 0,
      fromSavedMs: null,
      programStartMs: from * HOUR,
    })),
    segments: segmentsOf(
      spans.map(([from, to], i) => ({
        id: id * 10 + i,
        runId: id,
        runNumber: id,
        attempt: i + 1,
        deviceKind: 'gpu',
        deviceName: 'L4',
        count: 1,
        devices: [],
        provider: null,
        region: null,
        commitment: null,
        startMs: from * HOUR,
        endMs: to * HOUR,
      })),
      BOOK,
      () => 'L4',
    ),
    idle: [],
    ...more,
  }
}
const checkpoint = (id: number, experimentId: number, runId: number, step: number, hour: number): LedgerCheckpoint => ({
  id,
  experimentId,
  runId,
  step,
  createdAtMs: hour * HOUR,
})
const stage = (id: number, checkpointId: number | null) => ({
  id,
  slug: `s${id}`,
  origin: 'here' as const,
  checkpointId,
})
const init = (child: number, parent: number, checkpointId: number | null = null) => ({
  child,
  parent,
  kind: 'init' as const,
  weight: null,
  checkpointId,
})
const amountOf = (tally: Tally) => Number(tally.amounts[0]?.amount ?? 0)
const kinds = (ledger: Ledger) => {
  const sums: Record<string, number> = {}
  for (const { kind, node, cost } of ledger.items) {
    const name = node === null ? `beside ${kind}` : kind
    sums[name] = (sums[name] ?? 0) + amountOf(cost)
  }
  return sums
}
const leaf = (ledger: Ledger, id: number) =>
  amountOf(lineageCost(ledger.nodes, ledger.edges, [ledger.leafOf(id)]).union)

describe('a run that a descendant uses', () => {
  test('counts up to the checkpoint that it starts from; two forks of one run share its first part', () => {
    const ledger = ledgerOf({
      stages: [stage(1, 12), stage(2, null), stage(3, null)],
      edges: [init(2, 1, 11), init(3, 1, 12)],
      checkpoints: [checkpoint(11, 1, 1, 30, 3), checkpoint(12, 1, 1, 60, 6)],
      runs: [run(1, 1, [[0, 10]])],
      entries: [],
    })
    expect(kinds(ledger)).toEqual({ work: 6, 'beside later_steps': 4 })
    expect([1, 2, 3].map((id) => leaf(ledger, id))).toEqual([6, 3, 6])
    const both = lineageCost(ledger.nodes, ledger.edges, [2, 3].map(ledger.leafOf))
    expect([both.union, ...both.allocated.values()].map(amountOf)).toEqual([6, 1.5, 4.5])
  })
  test('counts whole from its last checkpoint, the time to end it included', () => {
    const ledger = ledgerOf({
      stages: [stage(1, 11)],
      edges: [],
      checkpoints: [checkpoint(11, 1, 1, 100, 9)],
      runs: [run(1, 1, [[0, 10]])],
      entries: [],
    })
    expect(leaf(ledger, 1)).toBe(10)
  })
  test('holds what was rolled back, what was idle and what came before its program started, each once', () => {
    const used = run(1, 1, [
      [0, 6],
      [6, 10],
    ])
    const attempts = [
      { number: 1, firstStep: 0, fromSavedMs: null, programStartMs: 1 * HOUR },
      { number: 2, firstStep: 41, fromSavedMs: 4 * HOUR, programStartMs: 7 * HOUR },
    ]
    const ledger = ledgerOf({
      stages: [stage(1, 11)],
      edges: [],
      checkpoints: [checkpoint(11, 1, 1, 100, 10)],
      runs: [{ ...used, attempts, idle: [{ fromMs: 3 * HOUR, toMs: 5 * HOUR }] }],
      entries: [],
    })
    expect(kinds(ledger)).toEqual({ preparation: 2, work: 5, idle: 1, rolled_back: 2 })
  })
  test('began anew: all that earlier attempts did is rolled back', () => {
    const ledger = ledgerOf({
      stages: [stage(1, 11)],
      edges: [],
      checkpoints: [checkpoint(11, 1, 1, 100, 10)],
      runs: [
        run(1, 1, [
          [0, 6],
          [6, 10],
        ]),
      ],
      entries: [],
    })
    expect(kinds(ledger)).toEqual({ rolled_back: 6, work: 4 })
  })
  test('a duplicate of it is inside; failed runs, other runs and deleted ones are not', () => {
    const config = { lr: 1, deep: { b: 1, a: [2] } }
    const turned = { deep: { a: [2], b: 1 }, lr: 1 }
    const ledger = ledgerOf({
      stages: [stage(1, 11)],
      edges: [],
      checkpoints: [checkpoint(11, 1, 1, 100, 1)],
      runs: [
        run(1, 1, [[0, 1]], { config, seed: 3 }),
        run(2, 1, [[1, 3]], { config: turned, seed: 3 }),
        run(3, 1, [[3, 7]], { config, seed: 4 }),
        run(4, 1, [[7, 8]], { state: 'failed', config, seed: 3 }),
        run(5, 1, [[8, 20]], { isDeleted: true }),
      ],
      entries: [],
    })
    expect(kinds(ledger)).toEqual({ work: 1, duplicate: 2, 'beside other_run': 4, 'beside failed': 1 })
  })
})

test('evaluations of the used checkpoint are inside, of another one beside', () => {
  const ledger = ledgerOf({
    stages: [stage(1, 11)],
    edges: [],
    checkpoints: [checkpoint(11, 1, 1, 100, 1)],
    runs: [
      run(1, 1, [[0, 1]]),
      run(2, 1, [[1, 3]], { kind: 'evaluate', targetId: 11 }),
      run(3, 1, [[3, 7]], { kind: 'evaluate', targetId: 99 }),
      run(4, 1, [[7, 8]], { kind: 'evaluate', state: 'failed', targetId: 11 }),
    ],
    entries: [],
  })
  expect(kinds(ledger)).toEqual({ work: 1, evaluation: 2, 'beside evaluation': 4, 'beside failed': 1 })
})

test('a stage without checkpoint is its newest run that did not fail', () => {
  const ledger = ledgerOf({
    stages: [stage(1, null)],
    edges: [],
    checkpoints: [],
    runs: [run(1, 1, [[0, 1]]), run(2, 1, [[1, 3]], { state: 'running' }), run(3, 1, [[3, 9]], { state: 'failed' })],
    entries: [],
  })
  expect([leaf(ledger, 1), kinds(ledger)]).toEqual([2, { work: 2, 'beside other_run': 1, 'beside failed': 6 }])
})

test('a stage that came without a run and without costs is lacking, an external base is not', () => {
  const ledger = ledgerOf({
    stages: [
      { ...stage(1, 11), origin: 'outside' },
      { ...stage(2, 12), origin: 'imported' },
    ],
    edges: [init(2, 1)],
    checkpoints: [
      { ...checkpoint(11, 1, 0, 0, 0), runId: null },
      { ...checkpoint(12, 2, 0, 0, 0), runId: null },
    ],
    runs: [],
    entries: [],
  })
  const { union } = lineageCost(ledger.nodes, ledger.edges, [ledger.leafOf(2)])
  expect(union).toEqual({
    amounts: [],
    lacks: [{ why: 'not_published', runId: null, what: 's2', on: null }],
    assumed: false,
  })
})

test('a stage that came without a run and was evaluated here lacks its cost, beside the money of the evaluation', () => {
  const ledger = ledgerOf({
    stages: [{ ...stage(2, 12), origin: 'imported' }],
    edges: [],
    checkpoints: [{ ...checkpoint(12, 2, 0, 0, 0), runId: null }],
    runs: [run(7, 2, [[0, 3]], { kind: 'evaluate', targetId: 12 })],
    entries: [],
  })
  const { union } = lineageCost(ledger.nodes, ledger.edges, [ledger.leafOf(2)])
  expect(union).toMatchObject({
    amounts: [{ amount: '3', currency: 'USD' }],
    lacks: [{ why: 'not_published', what: 's2' }],
  })
})

/** A chain of stages, each with one run of some hours that starts from some checkpoint of the one before. */
const chains = fc.array(
  fc.record({ hours: fc.integer({ min: 1, max: 50 }), saves: fc.integer({ min: 1, max: 4 }), from: fc.nat(3) }),
  { minLength: 1, maxLength: 6 },
)

test('nothing is lost: what is inside the last leaf and beside it sums to all that was held', () => {
  fc.assert(
    fc.property(chains, (chain) => {
      const checkpoints: LedgerCheckpoint[] = []
      const runs: LedgerRun[] = []
      const edges: ReturnType<typeof init>[] = []
      chain.forEach(({ hours, saves, from }, i) => {
        const id = i + 1
        runs.push(run(id, id, [[100 * i, 100 * i + hours]]))
        for (let k = 1; k <= saves; k++)
          checkpoints.push(checkpoint(id * 10 + k, id, id, (100 * k) / saves, 100 * i + (hours * k) / saves))
        const before = chain[i - 1]
        if (before) edges.push(init(id, i, i * 10 + Math.min(from + 1, before.saves)))
      })
      const stages = chain.map(({ saves }, i) => stage(i + 1, (i + 1) * 10 + saves))
      const ledger = ledgerOf({ stages, edges, checkpoints, runs, entries: [] })
      const all = decimal(chain.reduce((sum, { hours }) => sum + hours, 0))
      const items = sumTallies(ledger.items.map(({ cost }) => cost)).amounts[0]?.amount ?? '0'
      expect(Number(all.minus(items))).toBeCloseTo(0, 9)
      expect(leaf(ledger, chain.length)).toBeLessThanOrEqual(Number(all) + 1e-9)
    }),
  )
})
