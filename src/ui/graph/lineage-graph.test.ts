/** The recorded shape: base → cpt, cpt_replay → sft each → three tasks → two preferences, one planned. */
import { expect, test } from 'vitest'
import type { EdgeKind } from '#src/core/lineage/edge-kinds.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import type { StageCard } from '#src/protocol/lineage.ts'
import { firstTip, pathTo } from './lineage-path.ts'
import { placeStages } from './place-stages.ts'
import { treeOrder } from './tree-order.ts'

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const edges = [
  edge(1, 2),
  edge(1, 3),
  edge(2, 4),
  edge(3, 5),
  edge(5, 6),
  edge(5, 7, 'adapter_on'),
  edge(5, 8),
  edge(8, 9),
  edge(8, 9, 'reference'),
  edge(8, 10),
  edge(8, 10, 'reference'),
  edge(10, 11),
]
const path = [1, 3, 5, 8, 10]

test('the path to a stage follows the weights to the root', () => {
  expect(pathTo(10, edges)).toEqual(path)
})

test('a merge is followed to its heaviest parent', () => {
  expect(pathTo(3, [edge(1, 3, 'merge', 0.4), edge(2, 3, 'merge', 0.6)])).toEqual([2, 3])
})

test('the path is one straight row, one stage a column', () => {
  const places = placeStages(numbers, edges, path)
  expect(path.map((n) => places.get(n))).toEqual(path.map((_, column) => ({ column, row: 0 })))
})

test('the first sibling stands above the path, the next below', () => {
  const places = placeStages(numbers, edges, path)
  expect([places.get(6)?.row, places.get(7)?.row].sort()).toEqual([-1, 1])
  expect(places.get(2)?.row).toBe(-1)
})

test('a branch keeps its own row', () => {
  const places = placeStages(numbers, edges, path)
  expect(places.get(4)?.row).toBe(places.get(2)?.row)
})

test('no two stages share a place', () => {
  const places = [...placeStages(numbers, edges, path).values()]
  expect(new Set(places.map((p) => `${p.column}/${p.row}`)).size).toBe(numbers.length)
})

test('500 stages are placed in under a second', () => {
  const many = Array.from({ length: 500 }, (_, i) => i + 1)
  const tree = many.slice(1).map((n) => edge(Math.floor(n / 3) + 1 === n ? 1 : Math.max(1, Math.floor(n / 3)), n))
  const start = performance.now()
  const places = placeStages(many, tree, pathTo(500, tree))
  expect(performance.now() - start).toBeLessThan(1_000)
  expect(places.size).toBe(500)
})

test('the tree holds each stage once, the path last among its siblings', () => {
  const rows = treeOrder(numbers, edges, path)
  expect(rows.map((r) => r.number)).toEqual([1, 2, 4, 3, 5, 6, 7, 8, 9, 10, 11])
  expect(rows.map((r) => r.level)).toEqual([1, 2, 3, 2, 3, 4, 4, 4, 5, 5, 6])
})

test('the first tip is the longest path that has begun, then the newest', () => {
  const cards = numbers.map((n) => card(n, n === 11 ? 'planned' : 'finished'))
  expect(firstTip(cards, edges)).toBe(10)
  expect(firstTip([], [])).toBeNull()
})

function edge(parent: number, child: number, kind: EdgeKind = 'init', weight: number | null = null): Edge {
  const ref = (n: number) => ({ project: 'p', number: n, slug: `s${n}`, name: `s${n}`, stage_kind: 'task' as const })
  return {
    id: parent * 10_000 + child * 10 + (kind === 'reference' ? 1 : 0),
    kind,
    child: ref(child),
    parent: ref(parent),
    checkpoint: null,
    weight,
    note: '',
    inferred: false,
  }
}

function card(number: number, state: StageCard['state']): StageCard {
  return { number, state, is_unstaged: false } as StageCard
}
