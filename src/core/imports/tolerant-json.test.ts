import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTolerantJson } from './tolerant-json.ts'

describe('JSON as Python writes it', () => {
  test.each([
    ['{"a": NaN}', { a: Number.NaN }],
    ['[Infinity, -Infinity, 1]', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]],
    ['{"NaN": "NaN and -Infinity", "b": NaN}', { NaN: 'NaN and -Infinity', b: Number.NaN }],
    ['{"a": "a \\" quote, NaN", "b": [NaN]}', { a: 'a " quote, NaN', b: [Number.NaN] }],
    ['null', null],
    ['["toString", NaN]', ['toString', Number.NaN]],
  ])('%s', (text, want) => expect(parseTolerantJson(text)).toEqual(want))

  test('reads all that JSON reads, alike', () =>
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseTolerantJson(`[${text}, NaN]`)).toEqual([JSON.parse(text), Number.NaN])
      }),
    ))

  test.each(['{"a": nan}', '{"a": NaNa}', '[1,', ''])('refuses %s', (text) =>
    expect(() => parseTolerantJson(text)).toThrow(SyntaxError),
  )
})
