import { expect, test } from 'vitest'
import type { MeasuredCheckpoint } from '#src/protocol/benchmarks.ts'
import { pairRows } from './pair-rows.ts'

const measured = (checkpoint: string, score: number, at: string, variant = ''): MeasuredCheckpoint => ({
  evaluation: `${checkpoint} ${score}`,
  experiment: { project: 'p', number: 1, slug: 's', name: 's', stage_kind: 'task' },
  checkpoint: { id: checkpoint, step: 1, tokens: null },
  metric: 'acc',
  fingerprint: 'f',
  variant,
  seed: '',
  score,
  scale: 1,
  low: null,
  high: null,
  interval_note: null,
  n: 10,
  n_missing: null,
  source: '',
  measured_at: at,
  created_at: at,
  superseded: 0,
  overlaps: 0,
})
const shown = (first: MeasuredCheckpoint[], second: MeasuredCheckpoint[]) =>
  pairRows(first, second).map((row) => [row.key.trim(), row.first?.score ?? null, row.second?.score ?? null])

test('both sides of a checkpoint stand in one row, the newest first; a side that was not measured is missing', () =>
  expect(
    shown([measured('a', 0.9, '2026-01-02'), measured('b', 0.8, '2026-01-03')], [measured('a', 0.4, '2026-01-01')]),
  ).toEqual([
    ['b', 0.8, null],
    ['a', 0.9, 0.4],
  ]))

test('of two results of one side the first that is listed counts, and a variant is a row of its own', () =>
  expect(
    shown(
      [
        measured('a', 0.9, '2026-01-02'),
        measured('a', 0.1, '2026-01-01'),
        measured('a', 0.95, '2026-01-01', 'best prompt'),
      ],
      [],
    ),
  ).toEqual([
    ['a', 0.9, null],
    ['a best prompt', 0.95, null],
  ]))
