import { expect, test } from 'vitest'
import type { PreparedLine } from './prepared-chart.ts'
import { stageBands } from './stage-bands.ts'

const line = (run: number, from: number, to: number, isSuperseded = false) =>
  ({ run, isSuperseded, data: { x: Float64Array.of(from, to) } }) as PreparedLine
const kinds = ['', 'pretrain', 'continued_pretrain', 'continued_pretrain', 'task']
const bandsOf = (axis: 'lineage_tokens' | 'step', ...lines: PreparedLine[]) =>
  stageBands({ axis, lines }, (run) => kinds[run])

test('stages follow each other, and forks of one kind share a band', () => {
  expect(bandsOf('lineage_tokens', line(4, 20, 30), line(1, 0, 10), line(2, 10, 18), line(3, 10, 22))).toEqual([
    { kind: 'pretrain', from: 0, to: 10 },
    { kind: 'continued_pretrain', from: 10, to: 20 },
    { kind: 'task', from: 20, to: 30 },
  ])
})

test('an axis that each run begins anew has none, and superseded points make none', () => {
  expect(bandsOf('step', line(1, 0, 10))).toEqual([])
  expect(bandsOf('lineage_tokens', line(1, 0, 10, true))).toEqual([])
})
