import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestCheckpoint, type Candidate, type KeptCell, type SelectionRule } from './best-checkpoint.ts'

const ALLOW: SelectionRule = { uncertain: 'allow', floor: null }
const EXCLUDE: SelectionRule = { uncertain: 'exclude', floor: null }

const kept = (benchmark: string, verdict: KeptCell['verdict'], retention: number | null = null): KeptCell => ({
  benchmark,
  verdict,
  retention,
  reason: verdict === 'missing' ? 'the baseline was not measured on it' : null,
})
const checkpoint = (step: number, target: number | null, ...cells: KeptCell[]): Candidate => ({
  id: `step ${step}`,
  step,
  target,
  targetReason: target === null ? 'not measured on task' : null,
  kept: cells,
  meanFails: false,
})
const pick = (candidates: readonly Candidate[], rule = ALLOW) => bestCheckpoint(candidates, rule)

describe('the best checkpoint', () => {
  test('is not the one with the highest target where that one lost more than its budget', () => {
    const selection = pick([
      checkpoint(100, 0.5, kept('general', 'pass')),
      checkpoint(200, 0.6, kept('general', 'pass')),
      checkpoint(300, 0.7, kept('general', 'fail')),
    ])
    expect(selection.best).toBe('step 200')
    expect(selection.candidates[2]?.excluded).toEqual([{ kind: 'beyond', benchmark: 'general' }])
  })
  test('may be one of which the data cannot tell, unless the rule excludes it; either way it is said', () => {
    const candidates = [checkpoint(1, 0.5, kept('general', 'pass')), checkpoint(2, 0.6, kept('general', 'warn'))]
    expect(pick(candidates).best).toBe('step 2')
    expect(pick(candidates).candidates[1]?.uncertain).toEqual(['general'])
    expect(pick(candidates, EXCLUDE)).toMatchObject({
      best: 'step 1',
      candidates: [{}, { excluded: [{ kind: 'uncertain', benchmark: 'general' }] }],
    })
  })
  test('of equal targets is the earlier one', () =>
    expect(pick([checkpoint(200, 0.6), checkpoint(100, 0.6)]).best).toBe('step 100'))
  test('was measured on what others were judged by', () =>
    expect(
      pick([checkpoint(1, 0.5, kept('general', 'pass')), checkpoint(2, 0.9, kept('general', 'missing'))]),
    ).toMatchObject({
      best: 'step 1',
      candidates: [{}, { excluded: [{ kind: 'not_measured', benchmark: 'general' }] }],
    }))
  test('is chosen without a benchmark whose baseline is missing everywhere, which is said', () =>
    expect(
      pick([checkpoint(1, 0.5, kept('general', 'missing')), checkpoint(2, 0.9, kept('general', 'missing'))]),
    ).toMatchObject({
      best: 'step 2',
      unjudged: [{ benchmark: 'general', reason: 'the baseline was not measured on it' }],
    }))
  test('is none where none was measured on the target', () =>
    expect(pick([checkpoint(1, null)])).toMatchObject({
      best: null,
      candidates: [{ excluded: [{ kind: 'target', reason: 'not measured on task' }] }],
    }))
  test('keeps at least the floor of every benchmark that has a chance level; a loss keeps its budget', () => {
    const candidates = [
      checkpoint(1, 0.5, kept('knowledge', 'fail', 0.96), kept('bpb', 'pass')),
      checkpoint(2, 0.6, kept('knowledge', 'pass', 0.9), kept('bpb', 'pass')),
      checkpoint(3, 0.7, kept('knowledge', 'pass', 1), kept('bpb', 'fail')),
    ]
    expect(pick(candidates, { uncertain: 'allow', floor: 0.95 })).toMatchObject({
      best: 'step 1',
      candidates: [
        { excluded: [] },
        { excluded: [{ kind: 'below_floor', benchmark: 'knowledge' }] },
        { excluded: [{ kind: 'beyond', benchmark: 'bpb' }] },
      ],
    })
  })
  test('is within the budget of the mean', () =>
    expect(pick([checkpoint(1, 0.5), { ...checkpoint(2, 0.9), meanFails: true }]).best).toBe('step 1'))
  test.each([-0.1, 1.1, Number.NaN])('a floor of %d is refused', (floor) =>
    expect(() => pick([], { uncertain: 'allow', floor })).toThrow('from 0 to 1'),
  )
})

const anyCell = (benchmark: string) =>
  fc.record({
    benchmark: fc.constant(benchmark),
    verdict: fc.constantFrom<KeptCell['verdict']>('pass', 'warn', 'fail', 'missing'),
    retention: fc.option(fc.double({ min: 0, max: 1.2, noNaN: true }), { nil: null }),
    reason: fc.constant(null),
  })
const anyCandidates = fc
  .array(
    fc.record({
      target: fc.option(fc.constantFrom(0.1, 0.2, 0.3, 0.4), { nil: null }),
      kept: fc.tuple(anyCell('a'), anyCell('b')),
      meanFails: fc.boolean(),
    }),
    { maxLength: 7 },
  )
  .map((all) => all.map((one, i): Candidate => ({ ...one, id: String(i), step: i, targetReason: null })))
const anyRule = fc.record({
  uncertain: fc.constantFrom<SelectionRule['uncertain']>('allow', 'exclude'),
  floor: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
})
const eligibleOf = (candidates: readonly Candidate[], rule: SelectionRule) =>
  new Set(bestCheckpoint(candidates, rule).candidates.flatMap((one) => (one.excluded.length === 0 ? [one.id] : [])))

describe('laws', () => {
  test('the best is left by the rule, and nothing that is left has a higher target', () =>
    fc.assert(
      fc.property(anyCandidates, anyRule, (candidates, rule) => {
        const { best } = bestCheckpoint(candidates, rule)
        const eligible = eligibleOf(candidates, rule)
        expect(best === null).toBe(eligible.size === 0)
        const found = candidates.find(({ id }) => id === best)
        for (const one of candidates)
          if (eligible.has(one.id)) expect(one.target ?? 0).toBeLessThanOrEqual(found?.target ?? 0)
      }),
    ))
  test('the order of the checkpoints says nothing', () =>
    fc.assert(
      fc.property(anyCandidates, anyRule, (candidates, rule) => {
        expect(bestCheckpoint(candidates.toReversed(), rule)).toEqual(bestCheckpoint(candidates, rule))
      }),
    ))
  test('a stricter rule leaves no more checkpoints', () =>
    fc.assert(
      fc.property(anyCandidates, fc.double({ min: 0, max: 0.5, noNaN: true }), (candidates, low) => {
        const all = (rule: SelectionRule) => eligibleOf(candidates, rule)
        for (const id of all(EXCLUDE)) expect(all(ALLOW).has(id)).toBe(true)
        const loose = all({ uncertain: 'allow', floor: low })
        for (const id of all({ uncertain: 'allow', floor: low + 0.4 })) expect(loose.has(id)).toBe(true)
      }),
    ))
  test('without what the rule excluded the choice is the same', () =>
    fc.assert(
      fc.property(anyCandidates, anyRule, (candidates, rule) => {
        const eligible = eligibleOf(candidates, rule)
        const left = candidates.filter(({ id }) => eligible.has(id))
        expect(bestCheckpoint(left, rule).best).toBe(bestCheckpoint(candidates, rule).best)
      }),
    ))
})
