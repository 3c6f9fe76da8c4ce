import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  co2Kg,
  energyOf,
  energyWithin,
  facilityKwh,
  GRID_G_PER_KWH_2023,
  impliedIntensity,
  nominalPeriod,
} from './energy.ts'

describe('the energy of a part of the time', () => {
  const times = [0, 10, 20, 30, 100, 110]
  const watts = [100, 200, 0, 50, 300, 300]

  test('adds up to the whole, wherever it is cut, gaps left out', () =>
    fc.assert(
      fc.property(fc.double({ min: 0, max: 110, noNaN: true }), (cut) => {
        const [before, after] = [energyWithin(times, watts, 10, [0, cut]), energyWithin(times, watts, 10, [cut, 110])]
        const whole = energyOf(times, watts, 10)
        expect(before.wh + after.wh).toBeCloseTo(whole.wh, 9)
        expect(before.coveredS + after.coveredS).toBeCloseTo(whole.coverage * 110, 9)
      }),
    ))

  test('lies between two samples too, and is nothing in a gap', () => {
    expect(energyWithin(times, watts, 10, [2, 4])).toEqual({ wh: (2 * 130) / 3600, coveredS: 2 })
    expect(energyWithin(times, watts, 10, [40, 90])).toEqual({ wh: 0, coveredS: 0 })
  })
})

describe('energy', () => {
  test('is the same in whatever order its samples come; of equal times the last counts', () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 2 }), (times) => {
        const watts = times.map((t) => (t * 7) % 300)
        const sorted = [...times].sort((a, b) => a - b)
        const inOrder = energyOf(
          sorted,
          sorted.map((t) => (t * 7) % 300),
          10,
        )
        expect(energyOf([0, ...times], [9999, ...watts], 10).joule).toBeGreaterThanOrEqual(0)
        expect(energyOf(times, watts, 10)).toEqual(inOrder)
        expect(energyOf([times[0] as number, ...times], [9999, ...watts], 10)).toEqual(inOrder)
      }),
    ))
  test.each([
    ['lengths', [0, 1], [1], 1, 'run in parallel, got 2 and 1'],
    ['one time', [3, 3], [1, 2], 1, 'needs 2 distinct times, got 1'],
    ['power', [0, 1], [1, -2], 1, 'w[1] must be watts of 0 or more, got -2'],
    ['period', [0, 1], [1, 2], 0, 'period_s must be above 0, got 0'],
  ] as const)('of wrong %s is refused', (_, t, w, period, message) =>
    expect(() => energyOf([...t], [...w], period)).toThrow(message),
  )
  test('a sampler’s period is the middle interval', () => {
    expect(nominalPeriod([0, 10, 20, 500, 510])).toBe(10)
    expect(nominalPeriod([0])).toBeNull()
  })
})

describe('carbon', () => {
  test.each([
    [184_320, 400, 31_220],
    [368_640, 400, 62_440],
    [1_038_336, 350, 153_900],
    [1_720_320, 400, 291_420],
  ])('Llama 2, %d h at %d W: %d kg as its card prints', (hours, watts, kg) =>
    expect(Math.abs(co2Kg(facilityKwh(hours, watts, 1.1), 0.385) - kg)).toBeLessThan(15),
  )
  test('a factor in kg/MWh is refused, a PUE below 1 too', () => {
    expect(() => co2Kg(1, 385)).toThrow('is it per MWh?')
    expect(() => facilityKwh(1, 1, 0.9)).toThrow('pue must be 1 or more')
  })
  test('no energy implies no factor', () => expect(impliedIntensity(0, 700, 5)).toBeNull())
  test('every grid of the table is a possible one', () => {
    for (const grams of Object.values(GRID_G_PER_KWH_2023)) expect(() => co2Kg(1, grams / 1000)).not.toThrow()
  })
})
