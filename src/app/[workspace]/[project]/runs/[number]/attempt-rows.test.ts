import { expect, test } from 'vitest'
import type { Attempt } from '#src/protocol/runs.ts'
import { attemptRows } from './attempt-rows.ts'

const attempt = (number: number, of: Partial<Attempt>): Attempt => ({
  number,
  first_step: 0,
  last_step: null,
  from_checkpoint: null,
  host: null,
  agent: null,
  created_at: '2026-11-20T10:00:00Z',
  started_at: '2026-11-20T10:00:00Z',
  ended_at: null,
  end_reason: null,
  exit_code: null,
  error: null,
  ...of,
})

test('each attempt says where it began, how it ended, and which of its steps a later one did again', () => {
  const rows = attemptRows(
    [
      attempt(2, {
        first_step: 41,
        last_step: 89,
        from_checkpoint: { id: 'c', step: 40 },
        started_at: '2026-11-20T10:02:00Z',
      }),
      attempt(1, { last_step: 47, ended_at: '2026-11-20T10:01:00Z', end_reason: 'lost', agent: 'local', host: 'box' }),
    ],
    Date.parse('2026-11-20T10:05:00Z'),
  )
  expect(rows.map((row) => [row.number, row.steps, row.from, row.end, row.superseded])).toEqual([
    [1, '0 to 47', 'the beginning', 'contact lost', '41 to 47 by attempt 2'],
    [2, '41 to 89', 'checkpoint at step 40', 'still running', null],
  ])
  expect(rows[0]?.where).toBe('local, box')
})
