import { expect, test } from 'vitest'
import { configRows } from '#src/core/comparisons/config-rows.ts'
import { type ConfigLook, configLines } from './config-lines.ts'

const rows = configRows([
  { lr: 1, optimizer: { name: 'adam', betas: { b1: 0.9, b2: 0.99 } }, seed: 0 },
  { lr: 2, optimizer: { name: 'adam', betas: { b1: 0.9, b2: 0.95 } }, data: 'x', seed: 0 },
])
const lines = (look: Partial<ConfigLook> = {}) =>
  configLines(rows, { onlyDifferences: false, word: '', closed: new Set(), ...look }).map(
    (line) => `${' '.repeat(line.depth)}${line.name}${line.kind === 'group' ? ` (${line.keys})` : ''}`,
  )

test('all keys stand in their groups, each group with the number of its keys', () => {
  expect(lines()).toEqual(['lr', 'optimizer (3)', ' name', ' betas (2)', '  b1', '  b2', 'seed', 'data'])
})

test('a folded group keeps its head and hides what is below, groups within too', () => {
  expect(lines({ closed: new Set(['optimizer.betas']) })).toEqual([
    'lr',
    'optimizer (3)',
    ' name',
    ' betas (2)',
    'seed',
    'data',
  ])
  expect(lines({ closed: new Set(['optimizer']) })).toEqual(['lr', 'optimizer (3)', 'seed', 'data'])
})

test('only what differs, and what was searched by key or value, stand with full names', () => {
  expect(lines({ onlyDifferences: true })).toEqual(['lr', 'optimizer.betas.b2', 'data'])
  expect(lines({ word: 'ADAM' })).toEqual(['optimizer.name'])
  expect(lines({ word: 'betas' })).toEqual(['optimizer.betas.b1', 'optimizer.betas.b2'])
})
