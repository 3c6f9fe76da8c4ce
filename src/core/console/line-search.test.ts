import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findPlaces, type LineSearch, linePattern } from './line-search.ts'

const places = (text: string, search: Partial<LineSearch> & { q: string }) => {
  const found = linePattern({ regex: false, exact: false, ...search })
  return found.kind === 'ok'
    ? findPlaces(text, found.pattern).map(({ from, to }) => text.slice(from, to))
    : found.reason
}

test('a text is found wherever it stands, without regard to case unless that is asked for', () => {
  expect(places('Replay and replay', { q: 'replay' })).toEqual(['Replay', 'replay'])
  expect(places('Replay and replay', { q: 'replay', exact: true })).toEqual(['replay'])
  expect(places('Straße', { q: 'STRASSE' })).toEqual([])
})

test('the signs of a text stand for themselves', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (q) => {
      expect(places(`<${q}>`, { q, exact: true })).toContain(q)
    }),
  )
})

test('a regular expression finds what it describes, and nothing where it matches nothing', () => {
  expect(places('step 50 loss 6.36', { q: '\\d+(\\.\\d+)?', regex: true })).toEqual(['50', '6.36'])
  expect(places('abc', { q: 'x*', regex: true })).toEqual([])
})

test('what is no regular expression says so in the words of the engine', () => {
  expect(places('', { q: '(', regex: true })).toBe('Unterminated group')
  expect(places('', { q: '[a', regex: true })).toBe('Unterminated character class')
})
