import { describe, expect, test } from 'vitest'
import type { StoredCheckpoints } from '#src/protocol/stored-checkpoints.ts'
import { storagePrice, storageTable } from './storage-table.ts'

type Stage = StoredCheckpoints['stages'][number]
const ref = (number: number, name: string) => ({ project: 'p', number, slug: name, name, stage_kind: 'task' as const })
const data: StoredCheckpoints = {
  stages: [
    {
      experiment: ref(1, 'full'),
      kind: 'weights',
      checkpoints: 2,
      bytes: 27e9,
      bytes_here: 0,
      bytes_shared: 0,
      largest: 13.5e9,
      unsized: 0,
    },
    {
      experiment: ref(2, 'lora'),
      kind: 'adapter',
      checkpoints: 1,
      bytes: 80e6,
      bytes_here: 80e6,
      bytes_shared: 0,
      largest: 80e6,
      unsized: 0,
    },
    {
      experiment: ref(3, 'card'),
      kind: 'outside',
      checkpoints: 1,
      bytes: 0,
      bytes_here: 0,
      bytes_shared: 0,
      largest: 0,
      unsized: 1,
    },
  ],
  price: null,
}
const cells = (table: ReturnType<typeof storageTable>, row: number) => table.table.rows[row]?.map(({ text }) => text)

describe('what is kept', () => {
  test('tells an adapter beside whole models, and what a month costs at a typed price', () => {
    const table = storageTable(data, storagePrice(data, '0.023'))
    expect(cells(table, 0)).toEqual(['full', 'weights', '2', '12.6 GiB', '25.1 GiB', '0 B', '$0.62'])
    expect(cells(table, 1)?.slice(1)).toEqual(['adapter alone', '1', '76.3 MiB', '76.3 MiB', '76.3 MiB', '$0.0018'])
    expect(cells(table, 3)?.at(-1)).toBe('$0.62')
  })
  test('without a price the price is missing, and a size that nobody told is no 0', () => {
    const table = storageTable(data, storagePrice(data, null))
    expect(cells(table, 0)?.at(-1)).toBe('price missing')
    expect(cells(table, 2)).toEqual(['card', 'from outside', '1', 'size not told', 'size not told', '0 B', ''])
    expect(table.notes.join(' ')).toContain('Without 1 of which nobody told a size.')
  })
  test('takes the price of the newest entry, with its day', () => {
    const price = { per_gb_month: '0.02', currency: 'EUR', on: '2026-11-09', note: 'invoice 7' }
    const table = storageTable({ ...data, price }, storagePrice({ ...data, price }, null))
    expect(table.notes.join(' ')).toContain('€0.020 per GB-month, the entry of 2026-11-09, invoice 7')
  })
  test('of a file that stages share it is said where it counts, and no size is said to be untold', () => {
    const [full, lora] = data.stages as [Stage, Stage]
    const fork = { ...full, experiment: ref(4, 'fork'), bytes: 0, bytes_here: 0, bytes_shared: 27e9 }
    const shared = { ...data, stages: [full, lora, fork] }
    const table = storageTable(shared, storagePrice(shared, '0.023'))
    expect(cells(table, 2)?.slice(3)).toEqual(['12.6 GiB', '0 B', '0 B', '$0'])
    expect(cells(table, 3)?.at(4)).toBe('25.2 GiB')
    expect(table.notes.join(' ')).toContain('counts once, at the first of them: not counted again 25.1 GiB of fork.')
  })
  test('refuses a price that is no decimal, by its text', () =>
    expect(storagePrice(data, 'cheap')).toEqual({ kind: 'refused', why: expect.stringContaining('cheap') }))
})
