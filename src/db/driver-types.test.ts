import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayLiteral, driverTypes, parseArray } from './driver-types.ts'

describe('array literals', () => {
  it('give back every text that went in', () => {
    const texts = fc.array(fc.option(fc.string({ unit: 'grapheme' }), { nil: null }))
    fc.assert(
      fc.property(texts, (items) => {
        expect(parseArray(arrayLiteral(items), String)).toEqual(items)
      }),
    )
  })

  it('give back every number that went in', () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0))
    fc.assert(
      fc.property(numbers, (items) => {
        expect(parseArray(arrayLiteral(items), Number)).toEqual(items)
      }),
    )
  })

  it.each([
    ['{}', []],
    ['{1,NULL,3}', [1, null, 3]],
    [
      '{{1,2},{3,4}}',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['[0:1]={5,6}', [5, 6]],
    ['{NaN,Infinity,-Infinity}', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ])('%s is read', (literal, items) => expect(parseArray(literal, Number)).toEqual(items))

  it('that somebody made already are passed on', () => expect(arrayLiteral('{1,2}')).toBe('{1,2}'))
})

describe('64-bit integers', () => {
  it.each(['0', '-9007199254740991', '9007199254740991'])('%s is a number', (text) =>
    expect(driverTypes.bigint.parse(text)).toBe(Number(text)),
  )
  it.each(['9007199254740992', '-9223372036854775808'])('%s is refused rather than rounded', (text) =>
    expect(() => driverTypes.bigint.parse(text)).toThrow(text),
  )
})
