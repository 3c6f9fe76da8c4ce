import { describe, expect, test } from 'vitest'
import type { ProjectCost } from '#src/protocol/cost.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'
import type { PricedRecord } from '#src/protocol/priced-records.ts'
import { keptTable } from './kept-table.ts'

const total = (amount: string, currency = 'USD'): CostTotal => ({
  amounts: [{ currency, amount, low: amount, high: amount }],
  lacks: [],
  runs_lacking: 0,
  assumed: false,
})
const ref = { project: 'p', number: 3, slug: 'dpo', name: 'dpo', stage_kind: 'preference' as const }
const record = (more: Partial<PricedRecord>): PricedRecord => ({
  id: '00000000-0000-7000-8000-000000000000',
  of: 'lineage',
  run: null,
  experiment: ref,
  book: 'default',
  as_of: '2026-11-01T23:59:59.999Z',
  total: total('0.74'),
  sources: [],
  created_by: 'ada',
  created_at: '2026-11-02T10:00:00.000Z',
  ...more,
})
/** Of a project's cost only what the table reads. */
const whole = {
  totals: { all: total('1.02') },
  at_stage: [{ experiment: ref, total: total('0.925') }],
  stages: [{ experiment: ref, total: total('0.1') }],
} as unknown as ProjectCost

const rowOf = (kept: PricedRecord) => keptTable([kept], whole).table.rows[0]?.map(({ text }) => text)

describe('kept totals', () => {
  test('stand beside what the page reckons, with the difference', () =>
    expect(rowOf(record({}))).toEqual([
      '2026-11-02 10:00',
      'dpo and its ancestors',
      'default',
      '2026-11-01',
      '$0.7400',
      '$0.9250',
      '+$0.1850, +25 %',
      'no price was used',
      'ada',
    ]))
  test('of a stage and of the project are compared with their like, equal ones without a difference', () => {
    expect(rowOf(record({ of: 'stage', total: total('0.1') }))?.[6]).toBe('none')
    expect(rowOf(record({ of: 'project', experiment: null, total: total('2.04') }))?.[6]).toBe('−$1.020, −50 %')
  })
  test('in another currency, or of a run, say why there is no difference', () => {
    expect(rowOf(record({ total: total('0.7', 'EUR') }))?.[6]).toBe('other currencies: no difference')
    expect(rowOf(record({ of: 'run', run: 7 }))?.slice(5, 7)).toEqual(['a run: see its page', ''])
  })
})
