import { describe, expect, test } from 'vitest'
import { instructionDefaults, isInstructTuned, tunedPath } from './instruct-retention.ts'

test.each([
  ['instruction', 'sft', true],
  ['preference', 'dpo', true],
  ['rl_verifiable', 'grpo', true],
  ['task', 'ner', false],
  ['pretrain', 'base', false],
  ['external_base', 'Llama-3.1-8B-Instruct', true],
  ['external_base', 'Llama-2-7b-chat-hf', true],
  ['external_base', 'gemma-2-9b-it', true],
  ['external_base', 'Llama-3.1-8B', false],
  ['external_base', 'bitnet', false],
] as const)('a %s called %s was tuned to follow instructions: %s', (stageKind, name, tuned) =>
  expect(isInstructTuned({ stageKind, name })).toBe(tuned),
)

describe('instruction following is kept', () => {
  const kinds = {
    base: 'pretrain',
    sft: 'instruction',
    task: 'task',
    dpo: 'preference',
    cpt: 'continued_pretrain',
  } as const
  const path = (...ids: (keyof typeof kinds)[]) => tunedPath(ids, (id) => ({ stageKind: kinds[id], name: id }))
  test('from the parent back to the first stage that was tuned for it', () => {
    expect(path('task', 'dpo', 'sft', 'cpt', 'base')).toEqual(['task', 'dpo', 'sft'])
    expect(path('sft', 'base')).toEqual(['sft'])
  })
  test('and nothing is asked of a stage that comes from a base', () => {
    expect(path('cpt', 'base')).toEqual([])
    expect(path()).toEqual([])
  })
  test('by the benchmarks of that category which those stages have, each once', () => {
    const measured = [
      { id: 1, category: 'instruction' },
      { id: 2, category: 'knowledge' },
      { id: 1, category: 'instruction' },
      { id: 3, category: 'Instruction-following' },
    ]
    expect(instructionDefaults(measured).map(({ id }) => id)).toEqual([1, 3])
  })
})
