import { describe, expect, test } from 'vitest'
import type { RootKind } from '../experiments/stage-kinds.ts'
import { deviceHoursAtStart, type StartCheckpoint, type StartGraph, tokensAtStart } from './start-values.ts'
import { edgesByChild, type PathEdge } from './weight-path.ts'

const HOUR = 3_600_000
const edge = (child: number, parent: number, more: Partial<PathEdge> = {}): PathEdge => ({
  child,
  parent,
  kind: 'init',
  weight: null,
  ...more,
})

/** Stage n has run n, which began at hour 0 with n devices, logged tokens from `first` on, and saved at `hour` with `tokens`. */
function graph(
  edges: PathEdge[],
  stages: Record<number, { tokens?: number | null; first?: number; hour?: number; run?: null; bare?: true }>,
  roots: [number, RootKind | null][] = [[1, 'random_init']],
  merges: number[] = [],
): StartGraph {
  return {
    edges: edgesByChild(edges),
    roots: new Map(roots),
    isMerge: (id) => merges.includes(id),
    checkpointOf: ({ parent }): StartCheckpoint | null => {
      const stage = stages[parent]
      if (!stage) return null
      return {
        runId: stage.run === null ? null : parent,
        tokens: stage.tokens ?? null,
        createdAtMs: (stage.hour ?? 1) * HOUR,
      }
    },
    firstTokens: (run) => stages[run]?.first ?? null,
    held: (run) => (stages[run]?.bare ? null : [{ startMs: 0, endMs: 10 * HOUR, perHour: run }]),
  }
}

describe('tokens at the start', () => {
  test('of weights begun at random are none', () => expect(tokensAtStart(graph([], {}))(1)).toBe(0))

  test('add up over stages that count from 0', () => {
    const stages = { 1: { tokens: 1000, first: 4 }, 2: { tokens: 300, first: 2 } }
    expect(tokensAtStart(graph([edge(2, 1), edge(3, 2)], stages))(3)).toBe(1300)
  })

  test('are the counter itself where it goes on from the parent’s', () => {
    const stages = { 1: { tokens: 1000, first: 4 }, 2: { tokens: 1300, first: 1002 } }
    expect(tokensAtStart(graph([edge(2, 1), edge(3, 2)], stages))(3)).toBe(1300)
  })

  test('are unknown behind a stage that tells none, and stay so', () => {
    const stages = { 1: {}, 2: { tokens: 300, first: 2 } }
    expect(tokensAtStart(graph([edge(2, 1), edge(3, 2)], stages))(3)).toBeNull()
  })

  test('of an external base are those on its card, else unknown', () => {
    const roots: [number, RootKind][] = [[1, 'external_base']]
    expect(tokensAtStart(graph([edge(2, 1)], { 1: { run: null, tokens: 2e12 } }, roots))(2)).toBe(2e12)
    expect(tokensAtStart(graph([edge(2, 1)], { 1: { run: null } }, roots))(2)).toBeNull()
  })

  test('are unknown while the parent has no checkpoint', () =>
    expect(tokensAtStart(graph([edge(2, 1)], {}))(2)).toBeNull())

  test('of a merge are those of its heaviest input, and the merge itself adds none', () => {
    const merge = [
      edge(2, 1),
      edge(3, 1),
      ...[2, 3].map((p) => edge(4, p, { kind: 'merge', weight: p / 10 })),
      edge(5, 4),
    ]
    const stages = { 1: { tokens: 100, first: 1 }, 2: { tokens: 10, first: 1 }, 3: { tokens: 20, first: 1 }, 4: {} }
    expect(tokensAtStart(graph(merge, stages, [[1, 'random_init']], [4]))(5)).toBe(120)
  })

  test('do not pass over edges on which no weights pass', () => {
    const stages = { 1: { tokens: 100, first: 1 }, 2: { tokens: 7, first: 1 } }
    const roots: [number, RootKind][] = [
      [1, 'random_init'],
      [2, 'random_init'],
    ]
    expect(tokensAtStart(graph([edge(3, 1), edge(3, 2, { kind: 'reference' })], stages, roots))(3)).toBe(100)
  })

  test('of a cycle in damaged data are unknown', () =>
    expect(tokensAtStart(graph([edge(1, 2), edge(2, 1)], { 1: { tokens: 1 }, 2: { tokens: 1 } }))(1)).toBeNull())
})

describe('device-hours at the start', () => {
  test('count each run up to the checkpoint that was gone on from', () => {
    const stages = { 1: { hour: 3 }, 2: { hour: 5 } }
    expect(deviceHoursAtStart(graph([edge(2, 1), edge(3, 2)], stages), 3)).toBe(3 * 1 + 5 * 2)
  })

  test('count an ancestor of two inputs of a merge once', () => {
    const merge = [edge(2, 1), edge(3, 1), edge(4, 2, { kind: 'merge' }), edge(4, 3, { kind: 'merge' })]
    expect(deviceHoursAtStart(graph(merge, { 1: { hour: 3 }, 2: {}, 3: {} }), 4)).toBe(3 + 2 + 3)
  })

  test('of an external base are none', () => {
    const stages = { 1: { run: null }, 2: { hour: 2 } } as const
    expect(deviceHoursAtStart(graph([edge(2, 1), edge(3, 2)], stages, [[1, 'external_base']]), 3)).toBe(4)
  })

  test('are unknown behind a run that tells no hardware, a parent without a checkpoint, and a stage outside of any lineage', () => {
    expect(deviceHoursAtStart(graph([edge(2, 1)], { 1: { bare: true } }), 2)).toBeNull()
    expect(deviceHoursAtStart(graph([edge(2, 1)], {}), 2)).toBeNull()
    expect(deviceHoursAtStart(graph([], {}, [[9, null]]), 9)).toBeNull()
  })

  test('end in damaged data with a cycle', () =>
    expect(deviceHoursAtStart(graph([edge(1, 2), edge(2, 1)], { 1: {}, 2: {} }), 1)).toBe(1 + 2))
})
