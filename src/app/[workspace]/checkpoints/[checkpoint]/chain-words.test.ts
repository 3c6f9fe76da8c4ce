import { expect, test } from 'vitest'
import type { ProvenanceStage } from '#src/protocol/provenance.ts'
import { attemptWords, codeWords, fromWords, hardwareWords, inputWords } from './chain-words.ts'

const stage = (of: Partial<ProvenanceStage>): ProvenanceStage => ({
  experiment: { project: 'lm', number: 2, slug: 'sft', name: 'sft', stage_kind: 'instruction' },
  method: null,
  objective: null,
  from: null,
  root_kind: null,
  root: null,
  checkpoint: null,
  run: null,
  data: [],
  beside: [],
  cost: null,
  ...of,
})

test.each([
  [{ from: { kind: 'init', weight: null, note: '', inferred: false } }, 'continues weights'],
  [{ from: { kind: 'merge', weight: 0.5, note: '', inferred: false } }, 'merged × 0.5'],
  [{ root_kind: 'random_init' }, 'random weights'],
  [
    { root_kind: 'external_base', root: { kind: 'external_base', name: 'pythia-70m', revision: 'v1' } },
    'pythia-70m@v1',
  ],
  [{ root_kind: 'api_model', root: { kind: 'api_model', name: 'big', provider: 'lab' } }, 'big by lab'],
  [{}, 'not told'],
] as const)('the weights of %j are told', (of, words) => {
  expect(fromWords(stage(of as Partial<ProvenanceStage>))).toBe(words)
})

test('data are the mixture with shares, else the data sets that the run read, else nothing', () => {
  const source = (name: string, share: number, dataset: string | null = null) => ({
    source: name,
    role: 'other',
    share,
    dataset,
  })
  const read = [
    { kind: 'dataset' as const, name: 'pile', version: 'v2' },
    { kind: 'tokenizer' as const, name: 'neox', version: '' },
  ]
  expect(inputWords([source('web', 0.75, 'web@3'), source('code', 0.25)], read)).toBe('web@3 75 %, code 25 %')
  expect(inputWords([source('pile', 1)], read)).toBe('pile')
  expect(inputWords([], read)).toBe('pile@v2')
  expect(inputWords([], read.slice(1))).toBeNull()
})

test('code says where it differs from its commit, hardware its hours, an attempt where it ran and how it ended', () => {
  expect(codeWords({ commit: 'ab', branch: 'main', remote: null, dirty: true })).toBe(
    'branch main, with changes that were not committed',
  )
  expect(codeWords({ commit: 'ab', branch: null, remote: null, dirty: false })).toBe('')
  expect(hardwareWords({ hardware: [{ device_kind: 'gpu', device_name: 'H100', count: 2, hours: 3.4 }] })).toBe(
    '2 × H100, 3.4 device-hours',
  )
  expect(hardwareWords({ hardware: [] })).toBeNull()
  const attempt = { number: 2, first_step: 1200, started_at: null, ended_at: null, end_reason: null, host: 'node-3' }
  expect(attemptWords({ attempt })).toBe('2, on node-3, from step 1,200')
  expect(attemptWords({ attempt: { ...attempt, host: null, end_reason: 'preempted' } })).toBe(
    '2, from step 1,200, preempted',
  )
})
