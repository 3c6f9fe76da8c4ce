import { expect, test } from 'vitest'
import { X_AXES } from '#src/core/metrics/chart-choices.ts'
import { X_WORDS, xMark, xReading, xWord } from './axis-words.ts'

const at = (axis: (typeof X_AXES)[number], xMetric: string | null = null) => ({ axis, xMetric })

test.each([
  ['step', 1204, 'Step 1,204'],
  ['relative', 7_200_000, '2 h 0 m in'],
  ['process', 7_200_000, '2 h 0 m of process time'],
  ['tokens', 1_905_000, '1,905,000 tokens'],
  ['lineage_tokens', 1_905_000, '1,905,000 tokens since the root'],
  ['lineage_flops', 1_905_000, '1,905,000 FLOPs since the root'],
  ['lineage_flops', 1.24e18, '1.240e18 FLOPs since the root'],
  ['lineage_device_hours', 12.3456, '12.35 device-hours since the root'],
] as const)('a place on %s at %d is read as %s', (axis, value, words) => expect(xReading(at(axis), value)).toBe(words))

test('another metric is called by its name', () => {
  expect(xReading(at('metric', 'lr'), 0.0003)).toBe('lr 0.0003')
  expect(xWord(at('metric', 'lr'))).toBe('lr')
  expect(xWord(at('metric'))).toBe('another metric')
})

test('cost is read and called in its currency', () => {
  const cost = { ...at('lineage_cost'), currency: 'EUR' }
  expect(xReading(cost, 12.306)).toBe('€12.31 since the root')
  expect(xWord(cost)).toBe('EUR since root')
  expect(xMark('lineage_cost', 0.0125)).toBe('0.0125')
})

test('each axis has a word of its own and marks at 0', () => {
  expect(new Set(Object.values(X_WORDS)).size).toBe(X_AXES.length)
  for (const axis of X_AXES) if (axis !== 'time') expect(xMark(axis, 0)).toBe('0')
})

test('small marks of device-hours keep their digits', () => expect(xMark('lineage_device_hours', 0.025)).toBe('0.025'))
