import { expect, test } from 'vitest'
import { edgeName, edgeNamed } from './edge-name.ts'

const inside = { child: { project: 'lm', number: 7 }, parent: { project: 'lm', number: 3 }, kind: 'init' as const }
const fromOutside = { ...inside, parent: { project: 'bases', number: 1 }, kind: 'adapter_on' as const }

test('an edge is named by its ends and kind, with the project of an end outside', () => {
  expect(edgeName(inside, 'lm')).toBe('7.init.3')
  expect(edgeName(fromOutside, 'lm')).toBe('7.adapter_on.bases:1')
})

test('a name leads to its edge, and to none where there is none any more', () => {
  const edges = [inside, fromOutside]
  for (const edge of edges) expect(edgeNamed(edges, edgeName(edge, 'lm'), 'lm')).toBe(edge)
  expect(edgeNamed(edges, '7.merge.3', 'lm')).toBeNull()
  expect(edgeNamed(edges, null, 'lm')).toBeNull()
})
