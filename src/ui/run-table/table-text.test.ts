import { expect, test } from 'vitest'
import { csvTable } from '#src/core/publish/csv.ts'
import type { TableRow } from '#src/protocol/runs-table.ts'
import { readColumns } from './column-list.ts'
import { gridColumns } from './grid-columns.ts'
import { tableText } from './table-text.ts'

const row: TableRow = {
  uid: 'u',
  number: 8,
  name: 'task_replay',
  state: 'finished',
  stage: { number: 3, kind: 'task', name: 'task' },
  tags: [],
  starred: false,
  archived: false,
  attempt: 1,
  cells: [0.24391234, null, 482_000],
}

test('a copy has the columns, the order and the rounding of the screen', () => {
  const fields = ['metrics.loss.min', 'eval.mmlu', 'tokens']
  const columns = gridColumns(readColumns('metrics.loss.min,eval.mmlu,tokens!'), false)
  const { table } = tableText({ title: 'Runs', columns, rows: [{ row, fields }], currency: 'USD', notes: [] })
  expect(csvTable(table).trim().split(/\r?\n/)).toEqual([
    'Run,Number,Tokens,loss (min),mmlu (score)',
    'task_replay,8,482k,0.2439,',
  ])
})
