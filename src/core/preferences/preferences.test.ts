import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreementOfRaters } from './agreement-of-raters.ts'
import { counted, type Judgement, WINNERS } from './battles.ts'
import { firstShown } from './first-shown.ts'
import { winShareOf, winSharesOfPairs } from './win-shares.ts'

describe('a win share', () => {
  test('counts a tie half', () =>
    expect(winShareOf([won('a'), won('b'), tied(), tied()], 'x')).toMatchObject({
      wins: 1,
      ties: 2,
      losses: 1,
      share: 0.5,
    }))
  test('has Wilson’s interval where each prompt was judged once', () =>
    expect(
      winShareOf(
        times(10, (i) => won('a', { prompt: `${i}` })),
        'x',
      ),
    ).toMatchObject({
      share: 1,
      low: expect.closeTo(0.722, 3),
      high: 1,
      method: 'wilson',
    }))
  test('is clustered where prompts repeat: ten judgements of two prompts are two, not ten', () => {
    const twice = times(10, (i) => won(i % 2 ? 'a' : 'b', { prompt: `${i % 2}` }))
    expect(winShareOf(twice, 'x')).toMatchObject({ share: 0.5, low: 0, high: 1, prompts: 2, method: 'prompts' })
  })
  test('falls back to Wilson over prompts where all prompts agree', () =>
    expect(
      winShareOf(
        times(10, (i) => won('a', { prompt: `${i % 5}` })),
        'x',
      ),
    ).toMatchObject({
      low: expect.closeTo(0.566, 3),
      method: 'wilson',
    }))
  test('takes lengths as their geometric mean, so that both sides tell the inverse', () => {
    const told = [won('a', { lengthA: 200, lengthB: 100 }), won('a', { lengthA: 50, lengthB: 100 }), won('b')]
    expect(winShareOf(told, 'x').lengthRatio).toBeCloseTo(1)
    expect(winShareOf(told.slice(0, 1), 'y').lengthRatio).toBeCloseTo(0.5)
    expect(winShareOf([won('a')], 'x').lengthRatio).toBeNull()
  })
})

test('left-out ties are left out', () => expect(counted([won('a'), tied()], 'left_out')).toEqual([won('a')]))

test('both sides of a pair tell shares that make one, whichever side a model stood on', () => {
  fc.assert(
    fc.property(battles(), (all) => {
      const flipped = all.map(turned)
      expect(winSharesOfPairs(flipped, ['x', 'y', 'z'])).toEqual(winSharesOfPairs(all, ['x', 'y', 'z']))
      for (const pair of winSharesOfPairs(all, ['x', 'y', 'z'])) {
        const own = all.filter(({ a, b }) => [a, b].includes(pair.a) && [a, b].includes(pair.b))
        expect(winShareOf(own, pair.a).share + winShareOf(own, pair.b).share).toBeCloseTo(1)
        expect(pair.low).toBeLessThanOrEqual(pair.share + 1e-9)
        expect(pair.high).toBeGreaterThanOrEqual(pair.share - 1e-9)
      }
    }),
  )
})

describe('agreement', () => {
  test('does not depend on which side a model stood on', () => {
    fc.assert(
      fc.property(battles(), (all) => {
        expect(agreementOfRaters(all.map(turned))).toEqual(agreementOfRaters(all))
      }),
    )
  })
  test('takes both orders of one rater as one verdict: a tie where they cancel out', () => {
    const both = [won('a'), turned(won('b')), tied({ rater: 'bob' })]
    expect(agreementOfRaters(both)).toMatchObject({ cases: 1, judgedTwice: 1, pairs: [{ cases: 1, observed: 1 }] })
  })
  test('says nothing of raters without a common case', () =>
    expect(agreementOfRaters([won('a'), won('a', { rater: 'bob', prompt: 'q' })])).toEqual({
      cases: 2,
      judgedTwice: 0,
      pairs: [],
    }))
})

test('the order counts decided battles that told it', () => {
  expect(firstShown([won('a'), tied({ first: 'a' })])).toBeNull()
  expect(firstShown([won('a', { first: 'a' }), won('b', { first: 'a' }), won('b', { first: 'b' })])).toMatchObject({
    decided: 3,
    share: 2 / 3,
  })
})

const won = (winner: Judgement['winner'], more: Partial<Judgement> = {}): Judgement => ({
  a: 'x',
  b: 'y',
  winner,
  prompt: 'p',
  rater: 'ann',
  first: null,
  lengthA: null,
  lengthB: null,
  ...more,
})

const tied = (more: Partial<Judgement> = {}) => won('tie', more)

const times = (n: number, make: (i: number) => Judgement) => Array.from({ length: n }, (_, i) => make(i))

/** The same battle with its sides exchanged. */
function turned(battle: Judgement): Judgement {
  const { a, b, winner, first, lengthA, lengthB } = battle
  const other = { a: 'b', b: 'a' } as const
  return {
    ...battle,
    a: b,
    b: a,
    winner: winner === 'tie' ? 'tie' : other[winner],
    first: first === null ? null : other[first],
    lengthA: lengthB,
    lengthB: lengthA,
  }
}

function battles() {
  const one = fc.record({
    pair: fc.constantFrom(['x', 'y'], ['y', 'z'], ['z', 'x']),
    winner: fc.constantFrom(...WINNERS),
    prompt: fc.constantFrom('1', '2', '3', '4'),
    rater: fc.constantFrom('ann', 'bob', 'cy'),
  })
  return fc
    .array(one, { minLength: 1, maxLength: 30 })
    .map((all) => all.map(({ pair: [a = '', b = ''], ...rest }) => won('a', { a, b, ...rest })))
}
