import { expect, test } from 'vitest'
import { type BenchmarkDefinition, definitionObjection, editDefinition } from './definition.ts'

const known: BenchmarkDefinition = {
  name: 'MMLU',
  category: 'knowledge',
  use: null,
  kind: 'accuracy',
  higher_is_better: true,
  chance: 0.25,
  best: 1,
  unit: null,
  margin: null,
  description: '',
  gain: null,
  valid_until: null,
  domain: null,
  facet: null,
}
const edit = (change: Partial<BenchmarkDefinition>, evaluations = 3) =>
  editDefinition(known, change, { slug: 'mmlu', evaluations })
const objection = (change: Partial<BenchmarkDefinition>, evaluations?: number) => {
  const answer = edit(change, evaluations)
  return answer.kind !== 'changes' ? `${answer.objection.field}: ${answer.objection.message}` : null
}

test('what sorts a benchmark may change at any time, and only what is different counts as changed', () => {
  const answer = edit({ name: 'MMLU', category: 'reasoning', use: 'unseen', margin: 0.01 })
  expect(answer).toMatchObject({
    kind: 'changes',
    fields: ['category', 'use', 'margin'],
    next: { category: 'reasoning' },
  })
  expect(edit({})).toMatchObject({ kind: 'changes', fields: [] })
})

test.each([
  [{ kind: 'rate' as const }, 'kind: kind of "mmlu" stays "accuracy": 3 evaluations count by it.'],
  [{ higher_is_better: false }, 'higher_is_better: higher_is_better of "mmlu" stays true'],
])('what a number means stays once there are numbers: %j', (change, words) =>
  expect(objection(change)).toContain(words),
)

test('before the first number everything may change', () =>
  expect(objection({ kind: 'loss', higher_is_better: false, chance: null, best: null }, 0)).toBeNull())

test('a unit that nobody told may be told later', () => expect(objection({ unit: 'points' })).toBeNull())

test.each([
  [{ chance: 25 }, 'chance: chance is 25'],
  [{ best: 100 }, 'best: best is 100'],
  [{ best: 0.2 }, 'best: The best value 0.2 is not better than chance, 0.25, where higher is better.'],
  [{ margin: 0 }, 'margin: The margin is 0'],
  [{ valid_until: '2026-02-30' }, 'valid_until: "2026-02-30" is no day; write it as 2026-12-31.'],
  [{ facet: 'facts' as const }, 'domain: facts is a facet of a domain: say which, such as "medicine".'],
])('%j is refused', (change, words) => expect(objection(change)).toContain(words))

test('where lower is better, the best value is the lower one', () => {
  const loss = { ...known, kind: 'loss' as const, higher_is_better: false, unit: 'bpb' }
  expect(definitionObjection({ ...loss, chance: 8, best: 0 })).toBeNull()
  expect(definitionObjection({ ...loss, chance: 0, best: 8 })?.field).toBe('best')
})
