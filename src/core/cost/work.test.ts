import { describe, expect, test } from 'vitest'
import { IDLE_OVER_MS, idleStretches, inAll, rolledBack, usedHours } from './work.ts'

const MINUTE = 60_000
/** One sample a minute. */
const samples = (values: number[]) => ({ timesMs: values.map((_, i) => i * MINUTE), values })
const flat = (value: number, n: number) => Array<number>(n).fill(value)

describe('idle time', () => {
  test('is utilisation below 5 % for more than ten minutes', () => {
    expect(idleStretches(samples([80, ...flat(4.9, 12), 80]), MINUTE)).toEqual([{ fromMs: MINUTE, toMs: 12 * MINUTE }])
    expect(idleStretches(samples([80, ...flat(0, 11), 80]), MINUTE)).toEqual([])
    expect(idleStretches(samples(flat(5, 60)), MINUTE)).toEqual([])
  })
  test('does not reach over a gap in the samples', () => {
    const { timesMs, values } = samples(flat(0, 16))
    const broken = { timesMs: timesMs.map((t, i) => (i < 8 ? t : t + 10 * MINUTE)), values }
    expect(idleStretches(broken, MINUTE)).toEqual([])
    expect(idleStretches({ timesMs, values }, MINUTE)).toEqual([{ fromMs: 0, toMs: 15 * MINUTE }])
  })
  test('of several devices is when all of them are', () =>
    expect(
      inAll([
        [{ fromMs: 0, toMs: 3 * IDLE_OVER_MS }],
        [
          { fromMs: 2 * IDLE_OVER_MS, toMs: 4 * IDLE_OVER_MS },
          { fromMs: -9, toMs: 5 },
        ],
      ]),
    ).toEqual([
      { fromMs: 2 * IDLE_OVER_MS, toMs: 3 * IDLE_OVER_MS },
      { fromMs: 0, toMs: 5 },
    ]))
  test('of no device is none', () => expect(inAll([])).toEqual([]))
})

describe('rolled-back work', () => {
  const attempt = (number: number, firstStep: number, fromSavedMs: number | null) => ({
    number,
    firstStep,
    fromSavedMs,
  })
  test.each([
    ['one attempt', [attempt(1, 0, null)], []],
    ['a resume', [attempt(2, 41, 500), attempt(1, 0, null)], [{ attempt: 1, fromMs: 500, toMs: Infinity }]],
    ['a begin anew', [attempt(1, 0, null), attempt(2, 0, null)], [{ attempt: 1, fromMs: -Infinity, toMs: Infinity }]],
    ['a resume from who knows when', [attempt(1, 0, null), attempt(2, 41, null)], []],
    [
      'going back behind two attempts',
      [attempt(1, 0, null), attempt(2, 41, 500), attempt(3, 21, 200)],
      [
        { attempt: 1, fromMs: 200, toMs: Infinity },
        { attempt: 2, fromMs: 200, toMs: Infinity },
      ],
    ],
  ])('of %s', (_, attempts, stretches) => expect(rolledBack(attempts)).toEqual(stretches))
})

describe('used time', () => {
  test('is allocated × mean utilisation, with the share that was sampled', () =>
    expect(usedHours(8, 20 * MINUTE, [samples(flat(50, 11))], MINUTE)).toEqual({ used: 4, coverage: 0.5 }))
  test('without samples is not known', () => {
    expect(usedHours(8, 20 * MINUTE, [], MINUTE)).toBeNull()
    expect(usedHours(8, 20 * MINUTE, [samples([50])], MINUTE)).toBeNull()
  })
})
