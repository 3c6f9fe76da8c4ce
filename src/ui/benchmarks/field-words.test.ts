import { expect, test } from 'vitest'
import { HARD_FIELDS } from '#src/core/evaluations/protocol.ts'
import { editedWord, numberWords, PROTOCOL_FIELDS, protocolName, protocolValue, valueWords } from './field-words.ts'

test('every field that decides comparability has a word', () =>
  expect(HARD_FIELDS.filter((field) => !PROTOCOL_FIELDS.includes(field))).toEqual([]))

test.each([
  [true, 'yes'],
  [false, 'no'],
  [0, '0'],
  ['', null],
  [null, null],
  [undefined, null],
])('%j is read as %j', (value, words) => expect(valueWords(value)).toBe(words))

test('a digest is cut, a name is not', () => {
  expect(protocolValue('dataset_revision', 'a'.repeat(64))).toBe('a'.repeat(12))
  expect(protocolValue('dataset_revision', 'main')).toBe('main')
})

test('a protocol without a name is called by its fingerprint', () => {
  expect(protocolName({ name: '', fingerprint: 'abcdef0123456789' })).toBe('Protocol abcdef01')
  expect(protocolName({ name: 'Five shots', fingerprint: 'abc' })).toBe('Five shots')
})

test('the number says kind, unit and direction', () => {
  expect(numberWords({ kind: 'loss', unit: 'bpb', higher_is_better: false })).toBe('loss in bpb, lower is better')
  expect(numberWords({ kind: 'accuracy', unit: null, higher_is_better: true })).toBe('accuracy, higher is better')
})

test('a field without a word of its own is called as it is', () => expect(editedWord('odd')).toBe('odd'))
