import { describe, expect, test } from 'vitest'
import { foundMitigations, groupByMitigation, type MitigationFacts, mitigationsOf } from './mitigations.ts'
import { isReversible } from './reversible.ts'

const plain: MitigationFacts = {
  stageKind: 'task',
  method: null,
  adapter: null,
  mixture: [],
  edges: ['init'],
  config: {},
}
const tags = (of: Partial<MitigationFacts>) => foundMitigations({ ...plain, ...of }).map(({ tag }) => tag)

describe('what was done against forgetting', () => {
  test.each<[string, Partial<MitigationFacts>, string[]]>([
    ['nothing', {}, []],
    [
      'a mixture with replay',
      {
        mixture: [
          { role: 'replay', share: 0.25 },
          { role: 'target', share: 0.75 },
        ],
      },
      ['replay'],
    ],
    ['a mixture without', { mixture: [{ role: 'replay', share: 0 }] }, []],
    ['an adapter', { adapter: { kind: 'lora' } }, ['adapter']],
    ['an edge to its base', { edges: ['adapter_on'] }, ['adapter']],
    ['the method qlora', { method: 'QLoRA' }, ['adapter']],
    ['a teacher', { edges: ['init', 'teacher'] }, ['distillation']],
    ['a reference policy', { edges: ['init', 'reference'] }, ['kl']],
    ['a merge', { stageKind: 'merge' }, ['merge']],
    ['answers of its own', { method: 'grpo' }, ['on_policy']],
    ['nested settings', { config: { optimizer: { weight_decay: 0.1 }, ewc_lambda: 100 } }, ['ewc', 'weight_decay']],
    ['settings that are off', { config: { weight_decay: 0, early_stopping: false, kl_coef: '0.0' } }, []],
    [
      'settings that are on',
      { config: { 'early-stopping': true, freeze_layers: [0, 1] } },
      ['freezing', 'early_stopping'],
    ],
  ])('%s', (_, of, found) => expect(tags(of)).toEqual(found))

  test('each tag says what shows it', () =>
    expect(foundMitigations({ ...plain, mixture: [{ role: 'replay', share: 0.25 }], config: { wd: 0.01 } })).toEqual([
      { tag: 'replay', why: '25 % replay in the mixture' },
      { tag: 'weight_decay', why: 'wd 0.01' },
    ]))

  test('what people say stands in place of what the records say, nothing as well', () => {
    const of = { ...plain, mixture: [{ role: 'replay', share: 0.25 }] }
    expect(mitigationsOf(['ewc', 'replay'], of)).toEqual({
      by: 'people',
      tags: [
        { tag: 'replay', why: '25 % replay in the mixture' },
        { tag: 'ewc', why: 'as people said' },
      ],
    })
    expect(mitigationsOf([], of)).toEqual({ by: 'people', tags: [] })
    expect(mitigationsOf(null, of)).toMatchObject({ by: 'records', tags: [{ tag: 'replay' }] })
  })
})

test.each([
  ['an adapter that was not merged', { adapter: { kind: 'lora' } }, true],
  ['an adapter of which nobody said', { adapter: { kind: 'lora', merged: false } }, true],
  ['a merged adapter', { adapter: { kind: 'lora', merged: true }, edges: ['adapter_on' as const] }, false],
  ['an edge to the base', { edges: ['adapter_on' as const] }, true],
  ['prefix tuning', { method: 'prefix_tuning' }, true],
  ['full tuning', { method: 'full' }, false],
  ['BitFit, which changes biases', { method: 'bitfit' }, false],
])('%s can be undone: %#', (_, of, reversible) =>
  expect(isReversible({ method: null, adapter: null, edges: ['init'], ...of })).toBe(reversible),
)

test('stages are grouped by each tag that they have, and those without any come last', () => {
  const stages = [
    { name: 'plain', tags: [] },
    { name: 'both', tags: [{ tag: 'adapter' as const }, { tag: 'replay' as const }] },
    { name: 'mixed', tags: [{ tag: 'replay' as const }] },
  ]
  expect(groupByMitigation(stages).map(({ tag, stages: of }) => [tag, of.map(({ name }) => name)])).toEqual([
    ['replay', ['both', 'mixed']],
    ['adapter', ['both']],
    [null, ['plain']],
  ])
})
