import { expect, test } from 'vitest'
import type { Orientation } from '#src/core/metrics/orientation.ts'
import type { ColumnValue } from '#src/core/panels/column.ts'
import { joinValues, type PanelValues } from './panel-values.ts'

const LOSS = 'metrics.loss.min'
const stage = { number: 1, kind: 'task', name: 'task' }
const part = (
  numbers: number[],
  columns: Record<string, ColumnValue[]>,
  better: Record<string, Orientation> = {},
  baseline = false,
): PanelValues => ({
  runs: numbers.map((number) => ({ number, name: `run-${number}`, stage })),
  columns: new Map(Object.entries(columns)),
  better: new Map(Object.entries(better)),
  matching: numbers.length,
  baseline: baseline ? { run: { number: numbers[0] ?? 0, name: 'base', stage }, values: new Map([[LOSS, 2]]) } : null,
})

test('runs of several projects stand behind each other, and a field that one of them lacks is missing, never zero', () => {
  const joined = joinValues([part([1, 2], { [LOSS]: [2, 1] }), part([3], {})], [LOSS])
  expect(joined.runs.map(({ number }) => number)).toEqual([1, 2, 3])
  expect(joined.columns.get(LOSS)).toEqual([2, 1, null])
  expect(joined.matching).toBe(3)
})

test('the baseline of one project stands for all', () => {
  const joined = joinValues([part([1], {}), part([2], {}, {}, true)], [LOSS])
  expect(joined.baseline?.values.get(LOSS)).toBe(2)
})

test('what is better is not told where two projects say otherwise', () => {
  const of = (one: Orientation, other: Orientation) =>
    joinValues([part([1], {}, { [LOSS]: one }), part([2], {}, { [LOSS]: other })], [LOSS]).better.get(LOSS)
  expect(of('lower', 'lower')).toBe('lower')
  expect(of('lower', 'higher')).toBeUndefined()
})
