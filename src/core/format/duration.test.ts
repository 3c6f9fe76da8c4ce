import { expect, test } from 'vitest'
import { durationMark, formatDuration, formatHours } from './duration.ts'

test.each([
  [0.42, '0.42 s'],
  [4.25, '4.3 s'],
  [20.79, '20.8 s'],
  [117.2, '117 s'],
  [336, '336 s'],
  [999.4, '999 s'],
  [1_700, '28 m 20 s'],
  [8_040, '2 h 14 m'],
  [273_600, '3 d 4 h'],
])('%d s prints as %s', (seconds, printed) => {
  expect(formatDuration(seconds)).toBe(printed)
})

test.each([
  [0, '0'],
  [0.06512, '0.0651'],
  [0.0084, '0.00840'],
  [12.44, '12.4'],
  [1240.2, '1,240'],
  [0.0001, '<0.001'],
])('%d device-hours print as %s', (hours, printed) => {
  expect(formatHours(hours)).toBe(printed)
})

test('a mark of an axis has one unit', () =>
  expect([0, 30, 59.5, 90, 600, 5400, 172_800, 259_200].map(durationMark)).toEqual([
    '0',
    '30 s',
    '59.5 s',
    '1.5 m',
    '10 m',
    '1.5 h',
    '2 d',
    '3 d',
  ]))
