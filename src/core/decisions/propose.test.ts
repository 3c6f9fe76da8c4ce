import { describe, expect, test } from 'vitest'
import { gateState } from '../forgetting/gate.ts'
import { type DecisionFacts, type NamedChange, proposeDecision } from './propose.ts'

const change = (words: string, reading: NamedChange['reading'], utility: number | null): NamedChange => ({
  words,
  reading,
  utility,
})
const gained = change('Task +0.40, 95 % +0.29 to +0.50, gained', 'gained', 0.4)
const unclear = change('Task +0.02, 95 % −0.05 to +0.09, no difference found', 'no_difference_found', 0.02)
const lost = change('Task −0.40, lost', 'lost', -0.4)
const untold = change('Task +1.3, no interval', 'no_interval', 1.3)
const worst = change('Format −0.85, lost', 'lost', -0.85)

const facts = (more: Partial<DecisionFacts> = {}): DecisionFacts => ({
  stage: 'task',
  parent: 'sft',
  target: gained,
  rise: null,
  worst,
  budget: { parent: 'pass', root: 'pass' },
  rootLoss: null,
  mean: null,
  cost: '$0.0004',
  perGain: null,
  sibling: null,
  ...more,
})
const overRoot = { budget: { parent: 'pass', root: 'fail' } } as const
const decided = (more: Partial<DecisionFacts>) => proposeDecision(facts(more)).decision

describe('what the numbers say by rule', () => {
  test.each<[string, Partial<DecisionFacts>, string]>([
    ['a proven gain within budget is kept', {}, 'keep'],
    ['a proven gain over budget is trained again', { budget: { parent: 'fail', root: 'pass' } }, 'retrain'],
    ['a gain whose budget cannot be told is left open', { budget: { parent: 'warn', root: null } }, 'undecided'],
    ['a gain beside nothing that was measured is left open', { budget: { parent: null, root: null } }, 'undecided'],
    ['a proven loss of the target is rolled back, whatever was kept', { target: lost }, 'roll_back'],
    ['a gain within budget of the parent and beyond that of the root is trained again', overRoot, 'retrain'],
    [
      'one that may be beyond budget of the root is left open',
      { budget: { parent: 'pass', root: 'warn' } },
      'undecided',
    ],
    ['what was judged against the root alone is left open', { budget: { parent: null, root: 'pass' } }, 'undecided'],
    ['a gain is kept where the root was not measured', { budget: { parent: 'pass', root: null } }, 'keep'],
    ['no gain for a loss over budget of the root is rolled back', { ...overRoot, target: unclear }, 'roll_back'],
    [
      'no gain for a loss over budget is rolled back',
      { target: unclear, budget: { parent: 'fail', root: 'fail' } },
      'roll_back',
    ],
    ['no gain and no loss is left open', { target: unclear }, 'undecided'],
    [
      'scores without intervals prove nothing',
      { target: untold, budget: { parent: 'fail', root: 'fail' } },
      'undecided',
    ],
    ['without a target nothing is known', { target: null }, 'undecided'],
    ['a root is left open', { parent: null }, 'undecided'],
  ])('%s', (_, more, expected) => expect(decided(more)).toBe(expected))

  test('the reason names gain, loss, mean, cost and sibling with their numbers', () => {
    const { reason } = proposeDecision(
      facts({
        budget: { parent: 'fail', root: 'fail' },
        mean: 'what should be kept −10.4 points, 95 % −14.4 to −6.4, over 3 of 3 benchmarks',
        perGain: '$0.000010 a point gained (95 % $0.0000080 to $0.000014)',
        sibling: { name: 'task replay', target: unclear, worst: change('Format −0.80, lost', 'lost', -0.8) },
      }),
    )
    expect(reason.split('\n')).toEqual([
      'task gained on its target, but lost more than it may: train it again with what keeps the rest.',
      '',
      '- Gain against sft: Task +0.40, 95 % +0.29 to +0.50, gained',
      '- Largest loss against sft: Format −0.85, lost',
      '- Mean: what should be kept −10.4 points, 95 % −14.4 to −6.4, over 3 of 3 benchmarks',
      '- Cost: $0.0004; $0.000010 a point gained (95 % $0.0000080 to $0.000014)',
      '- Against its sibling task replay: Task +0.02, 95 % −0.05 to +0.09, no difference found; Format −0.80, lost',
    ])
  })

  test('a budget that only the root breaks is said to be its, with the loss against it', () => {
    const rootLoss = { root: 'base', words: 'Format −0.90, lost' }
    const { reason } = proposeDecision(facts({ ...overRoot, rootLoss }))
    expect(reason).toContain('lost more than it may against the root of its lineage: train it again')
    expect(reason).toContain('- Largest loss against base, the root of its lineage: Format −0.90, lost')
    expect(proposeDecision(facts({ budget: { parent: 'pass', root: 'warn' } })).reason).toContain(
      'whether it stayed within its budget against the root of its lineage cannot be told',
    )
  })

  test('a stage is proposed to be kept only where its gate is open', () => {
    const all = ['pass', 'warn', 'fail', null] as const
    for (const gate of ['warn', 'fail'] as const)
      for (const parent of all)
        for (const root of all)
          if (decided({ budget: { parent, root } }) === 'keep')
            expect(
              gateState({
                ...{
                  gate,
                  holds: false,
                  verdicts: [parent, root],
                  evaluating: false,
                  unmeasured: 0,
                  overridden: false,
                },
              }),
            ).toBe('open')
  })

  test('without a target the largest gain is named as what it is, and decides nothing', () => {
    const { decision, reason } = proposeDecision(facts({ target: null, rise: untold }))
    expect(decision).toBe('undecided')
    expect(reason).toContain('- Largest gain against sft, no target: Task +1.3, no interval')
  })

  test('what is missing is said, and never zero', () => {
    const { reason } = proposeDecision(facts({ target: null, worst: null, cost: 'not published' }))
    expect(reason).toContain('- Gain against sft: not measured on both')
    expect(reason).toContain('- Largest loss against sft: nothing that should be kept was measured on both')
    expect(reason).toContain('- Cost: not published')
  })
})
