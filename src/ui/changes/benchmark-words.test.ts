import { expect, test } from 'vitest'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import { benchmarkOrder } from './benchmark-order.ts'
import { unitBeside } from './unit-beside.ts'

const named = (name: string, kind: Benchmark['kind'], category: string): Benchmark => ({
  slug: name.toLowerCase(),
  name,
  kind,
  category,
  higher_is_better: kind !== 'loss',
  chance: null,
  best: null,
  unit: null,
  use: null,
  margin: null,
  twin: null,
})

test('losses come first, then categories, then names', () => {
  const list = [
    named('Task', 'accuracy', 'task'),
    named('Facts', 'accuracy', 'knowledge'),
    named('Loss', 'loss', 'zoo'),
  ]
  expect(list.sort(benchmarkOrder).map((b) => b.name)).toEqual(['Loss', 'Facts', 'Task'])
})

test('a unit is said once', () => {
  expect(unitBeside({ name: 'General bpb', unit: 'bpb' })).toBeNull()
  expect(unitBeside({ name: 'Reward margin', unit: 'nats' })).toBe('nats')
  expect(unitBeside({ name: 'Knowledge', unit: null })).toBeNull()
})
