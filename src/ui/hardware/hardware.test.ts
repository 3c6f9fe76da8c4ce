import { describe, expect, test } from 'vitest'
import type { HardwareUse, UseLine } from '#src/protocol/hardware-use.ts'
import { parseAsPart } from './part-word.ts'
import { devicesOf, lanesOf, valueAt } from './use-lanes.ts'
import { heldAt, partFacts, readingWords, tableOfUse } from './use-words.ts'

const at = (second: number) => new Date(second * 1000).toISOString()

const line = (quantity: UseLine['quantity'], device: string | null, values: (number | null)[]): UseLine => ({
  quantity,
  device,
  unit: quantity === 'power' ? 'W' : quantity === 'speed' ? 'tokens/s' : '%',
  t: values.map((_, i) => i * 1000),
  values,
})

const piece = (kind: HardwareUse['pieces'][number]['kind'], from: number, to: number) => ({
  experiment: 1,
  project: 'p',
  run: 1,
  attempt: 1,
  kind,
  device: 'L4',
  count: 2,
  from: at(from),
  to: at(to),
  device_hours: (2 * (to - from)) / 3600,
  per_hour: null,
  currency: null,
  amount: null,
})

const use: HardwareUse = {
  run: 1,
  held: { from: at(0), to: at(5) },
  pieces: [piece('work', 0, 2), piece('idle', 2, 4)],
  lines: [
    line('utilisation', 'box/gpu.0', [80, 90, 0, 0]),
    line('utilisation', 'box/gpu.1', [60, null, 0, 0]),
    line('power', 'box/gpu.0', [300, 310, 60, 60]),
    line('power', 'box/gpu.1', [280, 290, 60, 60]),
    line('speed', null, [41_200, 41_300, null, null]),
  ],
  mfu: { state: 'not_available', reason: 'the precision of the stage is not told' },
  part: {
    from: at(0),
    to: at(5),
    hours: [{ device_kind: 'gpu', device: 'L4', allocated: 2, used: 1, coverage: 1 }],
    kinds: [
      { kind: 'work', device_hours: 1.5 },
      { kind: 'idle', device_hours: 0.5 },
    ],
    total: { amounts: [], lacks: [], runs_lacking: 0, assumed: false },
    energy: { state: 'measured', wh: 420, coverage: 0.9, at_least: true, devices: 2 },
  },
}

describe('the lanes', () => {
  test('of all devices are their mean utilisation and the sum of their power, unknown where one was not sampled', () => {
    const [gpu, power, speed] = lanesOf(use, null)
    expect(gpu).toMatchObject({ name: 'GPU', most: 100, line: { values: [70, null, 0, 0] } })
    expect(power).toMatchObject({ name: 'Power', most: 600, line: { values: [580, 600, 120, 120] } })
    expect(speed?.line.values).toEqual([41_200, 41_300, null, null])
  })

  test('of one device are its own, with the lines of the run', () => {
    expect(devicesOf(use)).toEqual(['box/gpu.0', 'box/gpu.1'])
    expect(lanesOf(use, 'box/gpu.1').map(({ line: { values } }) => values[0])).toEqual([60, 280, 41_200])
  })

  test('are read at the last sample before a time, and not where there is none for long', () => {
    const [gpu] = lanesOf(use, 'box/gpu.0')
    expect([-1, 500, 1500, 4000, 9000].map((ms) => gpu && valueAt(gpu, ms))).toEqual([null, 80, 90, 0, null])
  })
})

test('a reading names the time since the start, each value and what the devices were held for', () => {
  expect(readingWords(use, lanesOf(use, null), 0, 500)).toBe(
    'After 0.50 s: GPU 70 %, Power 580 W, Speed 41.2k tokens/s, training',
  )
  expect(heldAt(use, 3000)).toBe('idle')
  expect(heldAt(use, 4500)).toBe('nothing held')
})

test('a part of the time says what was held, used, wasted and drawn, and what is not known', () => {
  expect(partFacts(use).map(({ label, value, note }) => [label, value, note])).toEqual([
    ['Held', '2.00 h', 'L4'],
    ['Used', '1.00 h', '50 % of what was held'],
    ['Idle', '30 m 0 s', '25 %'],
    ['Energy', '≥ 420 Wh', 'measured, 90 % of the time sampled'],
    ['Money', '0', undefined],
  ])
})

test('the table holds each stretch with the means of its samples', () => {
  const { table, notes } = tableOfUse(use, lanesOf(use, 'box/gpu.0'), 'Use')
  expect(table.rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['0.00 s', '2.0 s', '1', 'training', '2 × L4', '4.0 s', '85 %', '305 W', '41.3k tokens/s'],
    ['2.0 s', '4.0 s', '1', 'idle', '2 × L4', '4.0 s', '0.0 %', '60 W', 'not sampled'],
  ])
  expect(notes[0]).toBe('MFU: the precision of the stage is not told.')
})

test('a part in an address is two ascending numbers of seconds, and nothing else', () => {
  expect(parseAsPart.parse('120-4800')).toEqual({ from: 120, to: 4800 })
  expect(['', '5', '5-5', '9-3', '-3-9', 'a-b', '1-2-3'].map((word) => parseAsPart.parse(word))).toEqual(
    Array(7).fill(null),
  )
})
