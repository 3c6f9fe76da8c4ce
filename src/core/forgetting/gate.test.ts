import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BUDGET_VERDICTS, GATES } from './budget.ts'
import { type GateFacts, gateState, isShut, whyShut } from './gate.ts'

const facts: GateFacts = {
  gate: 'fail',
  holds: true,
  verdicts: ['pass', 'pass'],
  evaluating: false,
  unmeasured: 0,
  overridden: false,
}

describe('a gate', () => {
  test.each<[string, Partial<GateFacts>, string]>([
    ['within budget is open', {}, 'open'],
    ['of a root, where nothing is judged, is open', { verdicts: [null, null] }, 'open'],
    ['over budget is closed', { verdicts: ['fail', 'pass'] }, 'closed'],
    ['over budget against the root alone is closed', { verdicts: ['pass', 'fail'] }, 'closed'],
    ['that cannot tell is open where only a proven excess closes it', { verdicts: ['warn', 'pass'] }, 'open'],
    ['that cannot tell is closed where it was asked', { gate: 'warn', verdicts: ['warn', 'pass'] }, 'closed'],
    ['waits while an evaluation runs', { evaluating: true }, 'waiting'],
    ['waits for what was not measured', { verdicts: ['warn', null], unmeasured: 2 }, 'waiting'],
    [
      'waits rather than closes on a doubt that an evaluation may settle',
      { gate: 'warn', verdicts: ['warn'], evaluating: true },
      'waiting',
    ],
    ['over budget is closed whatever is still measured', { verdicts: ['fail'], evaluating: true }, 'closed'],
    ['that holds nothing waits for nothing', { holds: false, evaluating: true, unmeasured: 2 }, 'open'],
    ['that holds nothing says that it is closed', { holds: false, verdicts: ['fail'] }, 'closed'],
    ['that somebody let pass is overridden', { overridden: true, verdicts: ['fail'] }, 'overridden'],
    ['that is off is open, whatever was lost', { gate: 'off', verdicts: ['fail'], evaluating: true }, 'open'],
  ])('%s', (_, change, state) => expect(gateState({ ...facts, ...change })).toBe(state))

  test('law: neither an override nor a gate that is off ever holds anything up', () =>
    fc.assert(
      fc.property(anyFacts, (of) => {
        expect(isShut(gateState({ ...of, overridden: true }))).toBe(false)
        expect(isShut(gateState({ ...of, gate: 'off' }))).toBe(false)
      }),
    ))

  test('law: a gate asked to close on doubt is shut wherever one that closes on proof is', () =>
    fc.assert(
      fc.property(anyFacts, (of) => {
        fc.pre(isShut(gateState({ ...of, gate: 'fail' })))
        expect(isShut(gateState({ ...of, gate: 'warn' }))).toBe(true)
      }),
    ))
})

describe('why it is shut', () => {
  const of = { verdicts: ['fail', 'warn'] as const, evaluating: false, worst: 'GSM8K', unmeasured: [] }
  test('names both references and the worst benchmark', () =>
    expect(whyShut('closed', of)).toBe(
      'over budget against its parent, not certainly within budget against the root of its lineage, worst in GSM8K',
    ))
  test('names four of what is not measured and counts the rest', () =>
    expect(whyShut('waiting', { ...of, unmeasured: ['a', 'b', 'c', 'd', 'e', 'f'] })).toBe(
      'not measured on it: a, b, c, d and 2 more',
    ))
  test('says that an evaluation is under way', () =>
    expect(whyShut('waiting', { ...of, evaluating: true })).toBe('its evaluation has not ended'))
})

const verdict = fc.constantFrom(null, ...BUDGET_VERDICTS)
const anyFacts: fc.Arbitrary<GateFacts> = fc.record({
  gate: fc.constantFrom(...GATES),
  holds: fc.boolean(),
  verdicts: fc.tuple(verdict, verdict),
  evaluating: fc.boolean(),
  unmeasured: fc.nat(3),
  overridden: fc.boolean(),
})
