import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BASE62, formatToken, parseToken, TOKEN_PATTERN, TOKEN_TYPES } from './token.ts'

const word = (length: number) =>
  fc.array(fc.constantFrom(...BASE62), { minLength: length, maxLength: length }).map((letters) => letters.join(''))
const token = fc.record({ type: fc.constantFrom(...TOKEN_TYPES), id: word(10), secret: word(24) })

describe('a token', () => {
  test('reads back as it was written, in 40 characters after the dash that scanners find', () => {
    fc.assert(
      fc.property(token, (made) => {
        const text = formatToken(made)
        expect(parseToken(text)).toEqual(made)
        expect(text).toMatch(/^dsc_[a-z]+-[A-Za-z0-9]{40}$/)
        expect(`key=${text}.`.match(TOKEN_PATTERN)).toEqual([text])
      }),
    )
  })

  test('with one other character is refused by its checksum', () => {
    fc.assert(
      fc.property(token, fc.nat(39), fc.constantFrom(...BASE62), (made, at, letter) => {
        const text = formatToken(made)
        const place = text.indexOf('-') + 1 + at
        fc.pre(text.charAt(place) !== letter)
        expect(parseToken(text.slice(0, place) + letter + text.slice(place + 1))).toBeNull()
      }),
    )
  })

  test('whatever else is read, nothing throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseToken(text) === null))
    for (const text of [
      '',
      'dsc_',
      'dsc_ing-',
      `dsc_xxx-${'a'.repeat(40)}`,
      `dsc_ing-${'a'.repeat(40)}`,
      `dsc_ing-${'a'.repeat(4000)}`,
    ])
      expect(parseToken(text)).toBeNull()
  })

  test('carries the CRC-32 of IEEE 802.3 as six base62 digits', () => {
    // zlib.crc32('dsc_ing-0000000000' + '0' * 24) in Python, written to base 62.
    const crc = CRC_OF_ZEROS
    let rest = crc
    let digits = ''
    for (let i = 0; i < 6; i++) {
      digits = BASE62.charAt(rest % 62) + digits
      rest = Math.floor(rest / 62)
    }
    expect(formatToken({ type: 'ing', id: '0'.repeat(10), secret: '0'.repeat(24) }).slice(-6)).toBe(digits)
  })
})

const CRC_OF_ZEROS = 3160556966
