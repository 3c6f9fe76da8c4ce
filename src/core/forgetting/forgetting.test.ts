import { describe, expect, test } from 'vitest'
import { bestAncestorForgetting, honestForgetting } from './best-ancestor.ts'
import { type BudgetCell, budget, stageVerdict } from './budget.ts'
import {
  type Counting,
  commonUnit,
  inCommonUnit,
  normalisedPoints,
  scaleOf,
  toleranceInUnit,
  utilityInUnit,
} from './common-unit.ts'
import { exchangeRate } from './exchange-rate.ts'
import { gainPerThousand } from './gain-per-money.ts'
import { certainlyDominates } from './pareto.ts'
import { pathMeasures } from './path-measures.ts'
import { stageSummary } from './stage-summary.ts'
import { type StateCell, states } from './states.ts'

const cell = (more: Partial<StateCell>): StateCell => ({ id: 'b', delta: 0, se: 0.1, p: 1, ...more })
const stateOf = (more: Partial<StateCell>) => states([cell(more)])[0]

describe('the state of a cell', () => {
  test('a proven loss within the margin is forgotten, below margin', () =>
    expect(stateOf({ delta: -0.4, se: 0.05, p: 1e-9 })).toMatchObject({
      state: 'forgot',
      belowMargin: true,
      severe: false,
    }))
  test('a standard error of 0 is exact', () => {
    expect(stateOf({ se: 0 })).toMatchObject({ state: 'retained', tostP: 0, detectable: 0 })
    expect(stateOf({ delta: -3, se: 0, p: 0 })).toMatchObject({ state: 'forgot', tostP: 1 })
  })
  test('without an interval nothing is found and nothing is called retained', () =>
    expect(stateOf({ delta: -9, se: null, p: null })).toMatchObject({
      state: 'inconclusive',
      pAdjusted: null,
      detectable: null,
    }))
  test('an inconclusive cell says what it could have shown', () => {
    expect(stateOf({ delta: -2, se: 3.9, p: 0.6 })?.state).toBe('inconclusive')
    expect(stateOf({ delta: -2, se: 3.9, p: 0.6 })?.detectable).toBeCloseTo(10.926, 3)
  })
  test('missing and incomparable cells are outside of the family', () => {
    const alone = states([cell({ delta: -3, p: 0.03 })])
    const among = states([
      cell({ delta: -3, p: 0.03 }),
      cell({ delta: null, p: 0.9 }),
      cell({ comparable: false, p: 0.9 }),
    ])
    expect(among[0]).toEqual(alone[0])
    expect(among.map((of) => of.state)).toEqual(['forgot', 'not_comparable', 'not_comparable'])
  })
  test('five points, or a tenth of what was above chance, are severe; a loss in nats is judged by the ratio alone', () => {
    expect(stateOf({ delta: -5, se: 1, p: 1e-6 })?.severe).toBe(true)
    expect(stateOf({ delta: -4, se: 1, p: 1e-6, retention: 0.89 })?.severe).toBe(true)
    expect(stateOf({ delta: -6, se: 1, p: 1e-6, channel: 'loss' })?.severe).toBe(false)
  })
})

const kept = (delta: number | null, half: number | null, tolerance = 1): BudgetCell => ({
  delta,
  low: delta === null || half === null ? null : delta - half,
  high: delta === null || half === null ? null : delta + half,
  tolerance,
})

describe('the budget', () => {
  test.each<[string, BudgetCell, string]>([
    ['an interval above −τ passes', kept(-0.2, 0.5), 'pass'],
    ['an interval that ends at −τ passes', kept(-0.5, 0.5), 'pass'],
    ['an interval that includes −τ warns', kept(-0.6, 0.5), 'warn'],
    ['an interval below −τ fails', kept(-2, 0.5), 'fail'],
    ['an estimate without interval warns, whatever it is', kept(5, null), 'warn'],
    ['no estimate is missing', kept(null, null), 'missing'],
  ])('%s', (_, given, verdict) => expect(budget(given)).toBe(verdict))

  test('a stage fails with one cell, warns for a missing one, passes when all do', () => {
    const [pass, fail, missing] = [kept(0, 0.5), kept(-3, 0.5), kept(null, null)]
    expect(stageVerdict([pass, pass], null).verdict).toBe('pass')
    expect(stageVerdict([pass, missing], null)).toMatchObject({ verdict: 'warn', counts: { pass: 1, missing: 1 } })
    expect(stageVerdict([pass, missing, fail], null).verdict).toBe('fail')
  })
  test('a stage whose cells pass fails when their mean certainly falls by more than B', () => {
    const cells = [kept(-3, 0.5, 10), kept(-2, 0.5, 10)]
    expect(stageVerdict(cells, { mean: -2.5, se: 0.3 })).toMatchObject({ verdict: 'fail', meanFails: true })
    expect(stageVerdict(cells, { mean: -2.5, se: 0.3 }, 5).verdict).toBe('pass')
    expect(stageVerdict(cells, { mean: -2.5, se: null }).verdict).toBe('pass')
  })
  test('without anything to keep there is no verdict', () => expect(stageVerdict([], null).verdict).toBeNull())
})

describe('the summary of a stage', () => {
  const of = (id: string, category: string, delta: number | null, se: number | null = 1) => ({
    id,
    category,
    role: 'retention' as const,
    delta,
    se,
  })
  test('below 0.8 coverage the mean is hidden, the worst and the counts stay', () =>
    expect(stageSummary([of('a', 'x', -1), of('b', 'x', null), of('c', 'y', 2)])).toMatchObject({
      retention: null,
      worstRetention: 'a',
      used: 2,
      total: 3,
    }))
  test('a cell without standard error leaves the mean without one', () =>
    expect(stageSummary([of('a', 'x', -1), of('b', 'y', 1, null)]).retention).toEqual({ mean: 0, se: null }))
})

describe('the exchange rate', () => {
  test('is not told without a significant gain, and says so', () => {
    const rate = exchangeRate({ change: -2, se: 0.5 }, { gain: 1, se: 1 })
    expect(rate).toEqual({ rate: null, low: null, high: null, reason: 'the target gain is not significant' })
  })
  test('its interval holds the rate and is wider for a less certain gain', () => {
    const [sure, unsure] = [0.5, 3].map((se) => exchangeRate({ change: -2, se: 0.6 }, { gain: 10, se }))
    expect(sure?.low).toBeLessThan(-0.2)
    expect(sure?.high).toBeGreaterThan(-0.2)
    expect((unsure?.high ?? 0) - (unsure?.low ?? 0)).toBeGreaterThan((sure?.high ?? 0) - (sure?.low ?? 0))
  })
})

describe('the best ancestor', () => {
  /** 0/1 items of which a share is right, in no pattern with the others. */
  const items = (seed: number) =>
    Array.from({ length: 400 }, (_, i) => Number(((i * 7919 + seed * 104729) % 1009) / 1009 < 0.6))
  test('of equally good ones looks better than it is, by about the selection effect', () => {
    const of = bestAncestorForgetting({ own: items(0), ancestors: [1, 2, 3, 4, 5].map(items) })
    expect(of?.selection).toBeGreaterThan(0.02)
    expect(of?.low).toBeLessThan(of?.forgetting ?? 0)
    expect(of?.high).toBeGreaterThan(of?.forgetting ?? 0)
  })
  test('chosen on one half and measured on the other shows a real drop', () => {
    const own = items(0).map((right, i) => (i % 5 === 0 ? 0 : right))
    expect(honestForgetting({ own, ancestors: [items(0)] })).toBeCloseTo(0.12, 1)
  })
  test('without ancestors there is none', () =>
    expect(bestAncestorForgetting({ own: [1, 0], ancestors: [] })).toBeNull())
})

test('dominance is claimed only when both intervals of both runs allow it', () => {
  const run = (id: string, learn: number, retain: number, half: number | null) => ({
    id,
    learn,
    retain,
    learnLow: half === null ? null : learn - half,
    learnHigh: half === null ? null : learn + half,
    retainLow: half === null ? null : retain - half,
    retainHigh: half === null ? null : retain + half,
  })
  expect(certainlyDominates(run('a', 10, 10, 1), run('b', 5, 5, 1))).toBe(true)
  expect(certainlyDominates(run('a', 10, 10, 3), run('b', 5, 5, 3))).toBe(false)
  expect(certainlyDominates(run('a', 10, 10, null), run('b', 5, 5, 1))).toBe(false)
})

describe('the measures of a path', () => {
  const two = {
    stages: [
      { id: 'sft', onTargets: [60, 20] },
      { id: 'rl', onTargets: [55, 40] },
    ],
    sinceOwnStage: [{ delta: -5, se: 1 }, null],
    chance: [25, 0],
    root: [25, 15],
  }
  test('come with their denominator and, where changes are paired, an interval', () =>
    expect(pathMeasures(two)).toMatchObject({
      finalAccuracy: { value: 47.5, over: 2 },
      learningAccuracy: { value: 50, over: 2 },
      backwardTransfer: { value: -5, over: 1, se: 1, low: -6.96, high: -3.04 },
      forgetting: { value: 5, over: 1 },
      forwardTransfer: { value: 20, over: 1 },
      liftOverRoot: { value: 5, over: 1 },
      reason: null,
    }))
  test('with one stage say why there are none', () => {
    const one = { ...two, stages: [{ id: 'sft', onTargets: [60] }], sinceOwnStage: [null], chance: [25], root: [25] }
    expect(pathMeasures(one)).toMatchObject({
      learningAccuracy: { value: 60 },
      backwardTransfer: null,
      forgetting: null,
    })
    expect(pathMeasures(one).reason).toContain('one stage')
  })
  test('without chance for every target there is no forward transfer', () =>
    expect(pathMeasures({ ...two, chance: [25, null] }).forwardTransfer).toBeNull())
})

describe('changes in a common unit', () => {
  const of = (more: Partial<Counting>): Counting => ({
    kind: 'accuracy',
    metric: 'acc',
    orientation: 1,
    scale: 1,
    chance: 0.25,
    best: null,
    margin: null,
    ...more,
  })
  const raw = { before: 0.6, change: -0.06, se: 0.01, low: -0.08, high: -0.04 }
  test('a fraction becomes points, a percentage stays', () => {
    expect(inCommonUnit(of({}), raw)).toEqual({ delta: -6, se: 1, low: -8, high: -4 })
    const percent = { before: 60, change: -6, se: 1, low: -8, high: -4 }
    expect(inCommonUnit(of({ scale: 100 }), percent)).toEqual({ delta: -6, se: 1, low: -8, high: -4 })
  })
  test('where lower is better the interval turns with the change', () =>
    expect(inCommonUnit(of({ orientation: -1, kind: 'rate' }), raw)).toEqual({ delta: 6, se: 1, low: 4, high: 8 }))
  test('a perplexity becomes nats by its logarithm', () => {
    const change = inCommonUnit(of({ kind: 'loss', metric: 'perplexity', orientation: -1 }), {
      before: 8,
      change: 4,
      se: 1,
      low: 3,
      high: 5,
    })
    expect(change?.delta).toBeCloseTo(-Math.log(1.5), 12)
    expect(change?.low).toBeCloseTo(-Math.log(13 / 8), 12)
    expect(change?.high).toBeCloseTo(-Math.log(11 / 8), 12)
  })
  test.each<[Partial<Counting>, string | null]>([
    [{ kind: 'rate' }, 'points'],
    [{ kind: 'loss', metric: 'bits_per_byte' }, 'bits_per_byte'],
    [{ kind: 'loss', metric: 'nll per token' }, 'nats'],
    [{ kind: 'elo' }, null],
    [{ kind: 'other' }, null],
  ])('%o counts in %s', (more, unit) => expect(commonUnit(of(more))).toBe(unit))
  test('normalised points are points of what lies between chance and best', () => {
    const change = { delta: -6, se: 1, low: -8, high: -4 }
    expect(normalisedPoints(of({}), change)).toEqual({ delta: -8, se: 1 / 0.75 })
    expect(normalisedPoints(of({ scale: 100 }), change)).toEqual({ delta: -8, se: 100 / 75 })
  })
  test('an unknown chance level is the end of the scale, and said to be unknown', () => {
    expect(scaleOf(of({ chance: null, orientation: -1, scale: 100 }))).toEqual({
      chance: 100,
      best: 0,
      chanceKnown: false,
    })
    expect(scaleOf(of({ kind: 'loss' }))).toBeNull()
  })
  test('a score is utility in its unit, a perplexity by its logarithm', () => {
    expect(utilityInUnit(of({ orientation: -1, kind: 'rate' }), 0.2)).toBe(-20)
    expect(utilityInUnit(of({ kind: 'loss', metric: 'ppl', orientation: -1 }), Math.E)).toBe(-1)
    expect(utilityInUnit(of({ kind: 'elo' }), 1200)).toBe(1200)
  })
  test('a tolerance follows its benchmark into the unit', () => {
    expect(toleranceInUnit(of({}), 0.05, 0.6)).toBe(5)
    expect(toleranceInUnit(of({ scale: 100 }), 5, 60)).toBe(5)
    expect(toleranceInUnit(of({ kind: 'loss', metric: 'bpb' }), 0.15, 2)).toBe(0.15)
    expect(toleranceInUnit(of({ kind: 'loss', metric: 'ppl' }), 4, 8)).toBeCloseTo(Math.log(1.5), 12)
  })
})

describe('what money bought', () => {
  test('is points per 1,000, with the interval of the gain', () =>
    expect(gainPerThousand({ delta: 10, se: 1 }, { amount: '250' })).toEqual({
      value: 40,
      low: (10 - 1.96) * 4,
      high: (10 + 1.96) * 4,
      reason: null,
    }))
  test('without a standard error has no interval, without a price no value', () => {
    expect(gainPerThousand({ delta: 10, se: null }, { amount: '250' })).toMatchObject({ value: 40, low: null })
    const missing = { reason: 'there is no price for L40S' }
    expect(gainPerThousand({ delta: 10, se: 1 }, missing)).toEqual({ value: null, low: null, high: null, ...missing })
    expect(gainPerThousand({ delta: 10, se: 1 }, { amount: '0' }).reason).toBe('it cost nothing')
  })
})
