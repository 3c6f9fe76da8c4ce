import { describe, expect, test } from 'vitest'
import type { RootKind } from '../experiments/stage-kinds.ts'
import { type FlopGraph, flopsAtStart } from './flops-at-start.ts'
import { edgesByChild, type PathEdge } from './weight-path.ts'

const edge = (child: number, parent: number, more: Partial<PathEdge> = {}): PathEdge => ({
  child,
  parent,
  kind: 'init',
  weight: null,
  ...more,
})

interface Stage {
  tokens?: number
  first?: number
  perToken?: number
  /** Weights from elsewhere, with the FLOPs of their card. */
  card?: number | null
  untrained?: true
}

const graph = (
  edges: PathEdge[],
  stages: Record<number, Stage>,
  roots: [number, RootKind | null][] = [[1, 'random_init']],
): FlopGraph<PathEdge> => ({
  edges: edgesByChild(edges),
  roots: new Map(roots),
  isMerge: (id) => stages[id]?.untrained ?? false,
  isUntrained: (id) => stages[id]?.untrained ?? false,
  nameOf: (id) => `stage ${id}`,
  checkpointOf: ({ parent }) => {
    const stage = stages[parent]
    return stage
      ? { runId: stage.card === undefined ? parent : null, tokens: stage.tokens ?? null, createdAtMs: 0 }
      : null
  },
  firstTokens: (run) => stages[run]?.first ?? 0,
  perToken: ({ parent }) => stages[parent]?.perToken ?? { why: 'the number of parameters is not told' },
  ofCard: ({ parent }) => stages[parent]?.card ?? { why: 'its card tells no tokens' },
})

describe('FLOPs at the start', () => {
  test('of weights begun at random are none', () => expect(flopsAtStart(graph([], {}))(1)).toBe(0))

  test('are of each stage its FLOPs per token by its own tokens, however its counter counts', () => {
    const stages = { 1: { tokens: 1000, perToken: 6 }, 2: { tokens: 1300, first: 1002, perToken: 10 } }
    expect(flopsAtStart(graph([edge(2, 1), edge(3, 2)], stages))(3)).toBe(1000 * 6 + 300 * 10)
  })

  test('are unknown behind a stage that does not tell, and name it', () => {
    const stages = { 1: { tokens: 1000 }, 2: { tokens: 300, perToken: 10 } }
    expect(flopsAtStart(graph([edge(2, 1), edge(3, 2)], stages))(3)).toEqual({
      why: 'of stage 1 before it, the number of parameters is not told',
    })
  })

  test('of weights from elsewhere are those of their card, else unknown: never none', () => {
    const roots: [number, RootKind][] = [[1, 'external_base']]
    expect(flopsAtStart(graph([edge(2, 1)], { 1: { card: 5e22, tokens: 9 } }, roots))(2)).toBe(5e22)
    expect(flopsAtStart(graph([edge(2, 1)], { 1: { card: null } }, roots))(2)).toEqual({
      why: 'of stage 1 before it, its card tells no tokens',
    })
  })

  test('behind a stage that was trained elsewhere after its root are unknown: its tokens are its own, not those of its past', () => {
    const stages = { 1: { card: 5e22, tokens: 9 }, 2: { card: 5e20, tokens: 9 } }
    expect(flopsAtStart(graph([edge(2, 1), edge(3, 2)], stages, [[1, 'external_base']]))(3)).toEqual({
      why: 'of stage 2 before it, it was trained elsewhere, and nothing tells the FLOPs of it',
    })
  })

  test('of a merge are those of its principal input, and the merge adds none', () => {
    const edges = [
      edge(2, 1),
      edge(3, 1),
      edge(4, 2, { kind: 'merge', weight: 0.3 }),
      edge(4, 3, { kind: 'merge', weight: 0.7 }),
    ]
    const stages = {
      1: { tokens: 100, perToken: 1 },
      2: { tokens: 10, perToken: 1 },
      3: { tokens: 20, perToken: 1 },
      4: { untrained: true as const, card: null },
    }
    expect(flopsAtStart(graph([...edges, edge(5, 4)], stages))(5)).toBe(120)
  })

  test('are unknown where nothing tells the root, where a checkpoint is missing, and in a cycle', () => {
    expect(flopsAtStart(graph([], {}, [[9, null]]))(9)).toEqual({ why: 'nothing tells what stage 9 began from' })
    expect(flopsAtStart(graph([edge(2, 1)], {}))(2)).toEqual({ why: 'of stage 1 before it, there is no checkpoint' })
    const cycle = graph([edge(1, 2), edge(2, 1)], { 1: { untrained: true }, 2: { untrained: true } })
    expect(flopsAtStart(cycle)(1)).toEqual({ why: 'its lineage leads back to itself' })
  })

  test('of a long lineage each stage is looked at a few times, however many stages ask', () => {
    const ids = Array.from({ length: 300 }, (_, i) => i + 1)
    const stages = Object.fromEntries(ids.map((id) => [id, { tokens: 10, perToken: 1 }]))
    const chain = graph(
      ids.slice(1).map((id) => edge(id, id - 1)),
      stages,
    )
    let looks = 0
    const checkpointOf = (of: PathEdge) => {
      looks++
      return chain.checkpointOf(of)
    }
    const before = flopsAtStart({ ...chain, checkpointOf })
    expect(ids.map(before)).toEqual(ids.map((id) => 10 * (id - 1)))
    expect(looks).toBeLessThan(5 * ids.length)
  })
})
