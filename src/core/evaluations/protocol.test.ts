import { describe, expect, test } from 'vitest'
import { differingFields, differingSoftFields, tokenizerUnknown } from './comparable.ts'
import { fingerprintText, isPerToken, protocolConflict, splitProtocol } from './protocol.ts'

describe('a tokenizer counts only where numbers depend on it', () => {
  test.each([
    ['perplexity', 'other', true],
    ['nats_per_token', 'loss', true],
    ['loss', 'loss', true],
    ['bits_per_byte', 'loss', false],
    ['byte_perplexity', 'loss', false],
    ['word_perplexity', 'loss', false],
    ['acc', 'accuracy', false],
    ['token_f1', 'rate', false],
  ] as const)('%s of kind %s: %s', (metric, kind, expected) => expect(isPerToken(metric, kind)).toBe(expected))

  const fields = { task: 'wiki', tokenizer: 'bpe1k' }
  test('it is part of the fingerprint of a metric per token', () =>
    expect(splitProtocol(fields, { metric: 'perplexity', kind: 'loss' })).toEqual({
      hard: { task: 'wiki', tokenizer: 'bpe1k', metric: 'perplexity' },
      soft: {},
    }))
  test('so it is of answers that are normalised by tokens', () => {
    const of = { metric: 'acc_norm', kind: 'accuracy' as const }
    const stated = { ...fields, extraction: 'answer of higher log-likelihood per token' }
    expect(splitProtocol(stated, of).hard).toMatchObject({ tokenizer: 'bpe1k' })
    const [a, b] = [splitProtocol(stated, of).hard, splitProtocol({ ...stated, tokenizer: 'bpe2k' }, of).hard]
    expect(differingFields(a, b, of)).toEqual(['tokenizer'])
    expect(splitProtocol({ ...fields, extraction: 'first token' }, of).soft).toEqual({ tokenizer: 'bpe1k' })
  })
  test('of any other it is kept beside it', () =>
    expect(splitProtocol(fields, { metric: 'bits_per_byte', kind: 'loss' })).toEqual({
      hard: { task: 'wiki', metric: 'bits_per_byte' },
      soft: { tokenizer: 'bpe1k' },
    }))
  test('a changed one blocks metrics per token and no others', () => {
    const [a, b] = [
      { task: 'wiki', tokenizer: 'bpe1k' },
      { task: 'wiki', tokenizer: 'bpe2k' },
    ]
    expect(differingFields(a, b, { metric: 'perplexity', kind: 'loss' })).toEqual(['tokenizer'])
    expect(differingFields(a, b, { metric: 'bits_per_byte', kind: 'loss' })).toEqual([])
    expect(differingFields(a, b, { metric: 'acc', kind: 'accuracy' })).toEqual([])
  })
  test('one that is not known blocks metrics per token too', () => {
    const as = { metric: 'nats_per_token', kind: 'loss' as const }
    expect(tokenizerUnknown({ task: 'wiki' }, { task: 'wiki' }, as)).toBe(true)
    expect(differingFields({ task: 'wiki' }, { task: 'wiki' }, as)).toEqual(['tokenizer'])
    expect(tokenizerUnknown(fields, fields, as)).toBe(false)
    expect(tokenizerUnknown({ task: 'wiki' }, { task: 'wiki' }, { metric: 'acc', kind: 'accuracy' })).toBe(false)
  })
})

test('another precision or engine warns where both are known; a batch of unknown size and a soft tokenizer do not', () => {
  const a = { dtype: 'bf16', engine: 'hf', batch_size: 8, tokenizer: 'x' }
  expect(differingSoftFields(a, { dtype: 'int8', engine: 'vllm', tokenizer: 'y' })).toEqual(['dtype', 'engine'])
  expect(differingSoftFields(a, a)).toEqual([])
})

test.each([
  ['harness_version', { harness_version: '2' }],
  ['prompt_template', { prompt_template: 'Q: {}' }],
  ['dataset_revision', { dataset_revision: 'b' }],
  ['split', { split: 'test' }],
  ['shots', { shots: 5 }],
  ['judge_prompt', { judge: 'm', judge_prompt: 'p' }],
] as const)('a changed %s cannot be compared and makes another fingerprint', (field, change) => {
  const of = { metric: 'acc', kind: 'accuracy' as const }
  const base = { task: 't', harness: 'h', harness_version: '1', dataset_revision: 'a', split: 'dev', shots: 0 }
  const [a, b] = [splitProtocol(base, of).hard, splitProtocol({ ...base, ...change }, of).hard]
  expect(differingFields(a, b, of)).toContain(field)
  expect(fingerprintText(a)).not.toBe(fingerprintText(b))
})

test('a variant with its own prompt differs in nothing that counts, unless more than the prompt changed', () => {
  const as = { metric: 'acc', kind: 'accuracy' as const, ownPrompt: true }
  const plain = { task: 't', shots: 0, harness: 'h', harness_version: '1' }
  expect(differingFields(plain, { ...plain, shots: 8, prompt_template: 'best' }, as)).toEqual([])
  expect(differingFields(plain, { ...plain, shots: 8, harness_version: '2' }, as)).toEqual(['harness_version'])
})

test.each([
  ['metric', { metric: 'acc_norm' }],
  ['apply_chat_template', { chat_template: '<|user|>', apply_chat_template: false }],
  ['judge', { judge_prompt: 'Which is better?' }],
  ['harness', { harness_version: '0.4.13' }],
] as const)('a protocol that contradicts itself in %s is told apart', (field, stated) =>
  expect(protocolConflict(stated, 'acc')?.field).toBe(field),
)

test('a protocol without contradictions has none', () =>
  expect(protocolConflict({ metric: 'acc', harness: 'h', harness_version: '1', chat_template: 'c' }, 'acc')).toBeNull())
