import { expect, test } from 'vitest'
import type { MitigatedStage } from '#src/protocol/mitigations.ts'
import { mitigationTable } from './mitigation-table.ts'

const stage = (name: string, more: Partial<MitigatedStage> = {}): MitigatedStage => ({
  experiment: { project: 'p', number: 1, slug: name, name, stage_kind: 'task' },
  by: 'records',
  tags: [],
  target: null,
  retention: null,
  drift: null,
  forgot: 0,
  kept: 0,
  ...more,
})
const mean = (value: number, unit: 'points' | 'bits_per_byte' = 'points') => ({
  ...{ mean: value, se: 1, low: value - 1, high: value + 1, unit, used: 3, total: 3 },
})

test('each group is headed by what was done, and its stages tell gain and retention as measured', () => {
  const tags = [{ tag: 'replay' as const, why: '25 % replay in the mixture' }]
  const { table, heads } = mitigationTable([
    stage('plain', { retention: mean(-12), forgot: 2, kept: 3 }),
    stage('replayed', {
      tags,
      target: mean(30),
      retention: mean(-1.5),
      drift: { ...mean(-0.1, 'bits_per_byte'), low: null },
      kept: 3,
    }),
  ])
  expect(table.rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['Replay', '', '', '', ''],
    ['replayed', '+30.0 points (+29.0 to +31.0)', '−1.5 points (−2.5 to −0.5)', '−0.100 bits per byte', '0 of 3'],
    ['Nothing that is told', '', '', '', ''],
    ['plain', 'not measured', '−12.0 points (−13.0 to −11.0)', 'not measured', '2 of 3'],
  ])
  expect([...heads]).toEqual([0, 2])
})

test('what was not measured is no zero', () =>
  expect(mitigationTable([stage('plain')]).table.rows[1]?.map(({ text }) => text)).toEqual([
    'plain',
    ...Array.from({ length: 4 }, () => 'not measured'),
  ]))
