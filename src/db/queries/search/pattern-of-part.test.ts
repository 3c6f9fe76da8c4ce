import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contains } from '#src/core/search/matches.ts'
import { patternOfPart } from './pattern-of-part.ts'

test('a pattern of a part holds where the text contains it, whatever the case of either', async () => {
  const sign = fc.constantFrom(...'aAäÄkKK.ß$(\\[]^-|*é😀ΩωΩ')
  const text = fc.array(sign, { maxLength: 12 }).map((list) => list.join(''))
  await fc.assert(
    fc.property(text, fc.array(sign, { minLength: 1, maxLength: 2 }), (whole, part) => {
      const pattern = new RegExp(
        patternOfPart(part.join(''))
          .replaceAll(/\\U0*([0-9a-f]+)/g, '\\u{$1}')
          .replaceAll(/\\u([0-9a-f]{4})/g, '\\u{$1}'),
        'u',
      )
      expect(pattern.test(whole)).toBe(contains(whole, part.join('')))
    }),
    { numRuns: 500 },
  )
})
