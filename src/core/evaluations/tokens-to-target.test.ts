import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CurvePoint, tokensToTarget } from './tokens-to-target.ts'

const curve = (...points: [number | null, number, boolean?][]): CurvePoint[] =>
  points.map(([tokens, score, isJoined = true]) => ({ tokens, score, isJoined }))
const higher = { higherIsBetter: true, startsBefore: true }

describe('a target is reached', () => {
  test('on the straight line between the two checkpoints around it', () =>
    expect(tokensToTarget(curve([0, 0.2], [1000, 0.4], [2000, 0.8]), 0.5, higher)).toEqual({
      state: 'reached',
      tokens: 1250,
      atMost: false,
      point: 2,
    }))
  test('at the first crossing, though a later checkpoint lost it again', () =>
    expect(tokensToTarget(curve([0, 0], [100, 1], [200, 0], [300, 1]), 0.5, higher)).toMatchObject({ tokens: 50 }))
  test('where lower is better, by falling', () =>
    expect(tokensToTarget(curve([0, 3], [100, 2]), 2.5, { higherIsBetter: false, startsBefore: true })).toMatchObject({
      state: 'reached',
      tokens: 50,
    }))
  test('at most at a checkpoint under another protocol than the one before it', () =>
    expect(tokensToTarget(curve([0, 0.2], [1000, 0.8, false]), 0.5, higher)).toEqual({
      state: 'reached',
      tokens: 1000,
      atMost: true,
      point: 1,
    }))
  test('at most at the first checkpoint of a root, before which nothing was measured', () =>
    expect(tokensToTarget(curve([1000, 0.8]), 0.5, { higherIsBetter: true, startsBefore: false })).toMatchObject({
      state: 'reached',
      tokens: 1000,
      atMost: true,
    }))
  test('before the stage began', () =>
    expect(tokensToTarget(curve([500, 0.9], [1000, 0.8]), 0.5, higher)).toEqual({
      state: 'at_start',
      tokens: 500,
      point: 0,
    }))
  test('within the stage where the start was there by another protocol only', () =>
    expect(tokensToTarget(curve([500, 0.9], [1000, 0.8, false], [1500, 0.85]), 0.5, higher)).toEqual({
      state: 'reached',
      tokens: 1000,
      atMost: true,
      point: 1,
    }))
  test('never by a start that was measured by another protocol', () =>
    expect(tokensToTarget(curve([500, 0.9], [1000, 0.2, false], [1500, 0.3]), 0.5, higher)).toEqual({
      state: 'never',
      best: 0.3,
      point: 2,
    }))
  test('after tokens that nobody counted', () =>
    expect(tokensToTarget(curve([0, 0.1], [null, 0.8]), 0.5, higher)).toEqual({ state: 'tokens_unknown', point: 1 }))
})

test('never reached says the best that was', () =>
  expect(tokensToTarget(curve([0, 0.2], [100, 0.45], [200, 0.4]), 0.5, higher)).toEqual({
    state: 'never',
    best: 0.45,
    point: 1,
  }))

test('without a checkpoint nothing is said', () =>
  expect(tokensToTarget([], 0.5, higher)).toEqual({ state: 'not_measured' }))

const anyCurve = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: 2,
    maxLength: 12,
  })
  .map((steps) => {
    let tokens = 0
    return steps.map(([more, score]): CurvePoint => {
      tokens += more
      return { tokens, score, isJoined: true }
    })
  })
const anyTarget = fc.double({ min: 0, max: 1, noNaN: true })

describe('laws', () => {
  test('a reached target lies between the checkpoint before and the one that shows it', () =>
    fc.assert(
      fc.property(anyCurve, anyTarget, (points, target) => {
        const found = tokensToTarget(points, target, higher)
        if (found.state !== 'reached') return
        expect(found.tokens).toBeLessThanOrEqual((points[found.point]?.tokens ?? 0) + 1e-9)
        expect(found.tokens).toBeGreaterThanOrEqual((points[found.point - 1]?.tokens ?? 0) - 1e-9)
      }),
    ))
  test('a higher target never takes fewer tokens', () =>
    fc.assert(
      fc.property(anyCurve, anyTarget, anyTarget, (points, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((target) => tokensToTarget(points, target, higher))
        if (low?.state === 'reached' && high?.state === 'reached')
          expect(low.tokens).toBeLessThanOrEqual(high.tokens + 1e-6)
        if (low?.state === 'never') expect(high?.state).toBe('never')
      }),
    ))
  test('turning scores and direction round changes nothing', () =>
    fc.assert(
      fc.property(anyCurve, anyTarget, (points, target) => {
        const turned = points.map((point) => ({ ...point, score: -point.score }))
        const found = tokensToTarget(turned, -target, { higherIsBetter: false, startsBefore: true })
        const own = tokensToTarget(points, target, higher)
        expect({ ...found, best: undefined }).toEqual({ ...own, best: undefined })
      }),
    ))
})
