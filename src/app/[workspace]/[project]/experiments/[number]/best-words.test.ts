import { expect, test } from 'vitest'
import type { BestCheckpoint } from '#src/protocol/best-checkpoint.ts'
import { bestWords } from './best-words.ts'

const id = '00000000-0000-7000-8000-000000000001'
const candidate: BestCheckpoint['candidates'][number] = {
  checkpoint: { id, step: 200, tokens: null },
  ...{ run: 1, score: 0.7, low: null, high: null, n: 100, excluded: [], uncertain: [], behind: null, kept: [] },
}
const data: BestCheckpoint = {
  experiment: { project: 'p', number: 1, slug: 'sft', name: 'sft', stage_kind: 'instruction' },
  target: null,
  choices: [],
  rule: { uncertain: 'allow', floor: null, words: '' },
  best: id,
  why: null,
  of_stage: { id, why: 'last' },
  baseline: null,
  selection: null,
  unjudged: [],
  left_out: 0,
  candidates: [candidate],
}

test('checkpoints that were not looked at are said beside the choice, and where there is none', () => {
  expect(bestWords(data)).not.toContain('not looked at')
  const words = 'Chosen among the furthest 1 checkpoints; 1,204 earlier ones were not looked at.'
  expect(bestWords({ ...data, left_out: 1204 })).toContain(words)
  expect(bestWords({ ...data, best: null, why: 'None.', left_out: 1 })).toBe(
    'None. Chosen among the furthest 1 checkpoints; 1 earlier one was not looked at.',
  )
})
