import { describe, expect, test } from 'vitest'
import { checkExperiment } from './check-experiment.ts'
import { experimentState, type Work } from './experiment-state.ts'

const fine = { slug: 'sft', stage: 'sft', parents: [{ experiment: 1, kind: 'init' as const }], mixture: [] }
const objections = (input: Partial<Parameters<typeof checkExperiment>[0]>) => {
  const answer = checkExperiment({ ...fine, ...input })
  return answer.kind === 'fine' ? [] : answer.objections.map((o) => `${o.pointer}: ${o.message}`)
}

describe('an experiment', () => {
  test('reads an alias as kind and method; a method that was given wins', () => {
    expect(checkExperiment({ ...fine, stage: 'DPO' })).toEqual({
      kind: 'fine',
      experiment: { stageKind: 'preference', method: 'dpo', root: null },
    })
    expect(checkExperiment({ ...fine, stage: 'dpo', method: 'dpo-nll' })).toMatchObject({
      experiment: { method: 'dpo-nll' },
    })
  })
  test('of an unknown stage is refused with the nearest name and all that exist', () => {
    const [message] = objections({ stage: 'instruktion' })
    expect(message).toContain('/stage: The stage "instruktion" is not known. Did you mean "instruction"?')
    expect(message).toContain('rlhf')
  })
  test('that is no root needs a parent by weights', () => {
    expect(objections({ parents: [] })[0]).toContain('/parents: A instruction stage starts from weights')
    expect(objections({ parents: [{ experiment: 1, kind: 'teacher' }] })).toHaveLength(1)
    expect(objections({ stage: 'base', parents: [] })[0]).toContain(
      '/root: A pretrain stage without parents needs a root',
    )
    expect(objections({ stage: 'base', parents: [], root: { kind: 'random_init' } })).toEqual([])
    expect(objections({ stage: 'external', parents: [] })[0]).toContain('/root: An external base says what it is')
    expect(objections({ root: { kind: 'random_init' } })[0]).toContain('/root: A root has no parent by weights')
  })
  test('has shares that sum to 1 ± 0.001', () => {
    expect(objections({ mixture: [{ share: 0.5 }, { share: 0.4 }] })[0]).toContain('sum to 0.9')
    expect(objections({ mixture: [{ share: 0.333 }, { share: 0.333 }, { share: 0.333 }] })).toEqual([])
  })
  test('collects every objection at once', () =>
    expect(
      objections({ slug: '12', stage: 'x', mixture: [{ share: 2 }], parents: [{ kind: 'init', weight: 1 }] }),
    ).toHaveLength(5))
})

describe('the state of an experiment', () => {
  const work = (kind: Work['kind'], run: Work['run'], job: Work['job'] = null): Work => ({ kind, run, job, n: 1 })
  test.each<[string, Work[], string]>([
    ['nothing yet', [], 'planned'],
    ['a job whose parent is missing', [work('train', 'queued', 'waiting')], 'waiting'],
    ['a queued run', [work('train', 'queued')], 'waiting'],
    ['a run without contact', [work('train', 'lost')], 'running'],
    [
      'one at work beside one that finished',
      [work('train', 'finished'), work('train', 'running', 'running')],
      'running',
    ],
    [
      'trained, evaluation queued',
      [work('train', 'finished', 'finished'), work('evaluate', 'queued', 'queued')],
      'finished',
    ],
    ['trained, evaluating', [work('train', 'finished', 'finished'), work('evaluate', 'running', 'running')], 'running'],
    ['failed', [work('train', 'failed')], 'failed'],
    ['a canceled job whose run never began', [work('train', 'queued', 'canceled')], 'failed'],
    ['failed once, finished once', [work('train', 'failed'), work('train', 'finished')], 'finished'],
  ])('%s', (_, list, want) => expect(experimentState(list, false).state).toBe(want))
  test('an external base has its weights', () => expect(experimentState([], true).state).toBe('finished'))
})
