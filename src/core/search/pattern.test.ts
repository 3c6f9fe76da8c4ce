import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patternForPostgres, patternTest, readPattern } from './pattern.ts'

describe('a pattern is matched', () => {
  test.each([
    ['a+b', 'xaab', true],
    ['^a$', 'a', true],
    ['^a$', 'ab', false],
    ['a$', 'ba', true],
    ['^(a|b){2,3}$', 'aba', true],
    ['^(a|b){2,3}$', 'abab', false],
    ['^x{2}$', 'xxx', false],
    ['^x{2,}$', 'xxx', true],
    ['[^a-c]', 'abc', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['\\d{3}', '12 345', true],
    ['\\w\\W', 'a-', true],
    ['\\.', 'a', false],
    ['.', '\n', true],
    ['', '', true],
    ['$^', '', true],
    ['$^', 'a', false],
    ['(a|)b', 'b', true],
    ['a??b', 'b', true],
    ['😀{2}', '😀😀', true],
    ['A', 'a', false],
  ])('%s in %j: %s', (text, given, expected) => {
    const pattern = readPattern(text)
    expect('wrong' in pattern ? pattern : patternTest(pattern)(given)).toBe(expected)
  })
})

test.each([
  '*a',
  'a**',
  '(',
  ')',
  '[a',
  'a{2',
  'a{5,2}',
  'a{101}',
  '\\',
  '\\b',
  '(?<=a)b',
  '(a)\\1',
  '^*',
  '[z-a]',
  '[[:alpha:]]',
])('%s is refused, and what was expected is said', (text) => {
  expect(readPattern(text)).toMatchObject({ wrong: expect.stringMatching(/./) })
})

const patterns = fc
  .array(fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(', ')', '|', '*', '+', '?', '{1,2}', '^', '$', '\\d', '1'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''))

test('it says the same as JavaScript, where both take the pattern', () => {
  fc.assert(
    fc.property(
      patterns,
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '1', '\n'), maxLength: 12 })),
      (text, given) => {
        const pattern = readPattern(text)
        if ('wrong' in pattern) return
        const own = patternTest(pattern)
        const theirs = new RegExp(text, 'su')
        for (const one of given) expect([text, one, own(one)]).toEqual([text, one, theirs.test(one)])
      },
    ),
    { numRuns: 3000 },
  )
})

test('patterns that make others run away are read once over the text', () => {
  for (const text of ['^(a+)+$', '^(a|a)*$', '(.*)*x', '(x+x+)+y', `${'a?'.repeat(25)}${'a'.repeat(25)}b`]) {
    const pattern = readPattern(text)
    if ('wrong' in pattern) throw new Error(pattern.wrong)
    const started = performance.now()
    expect(patternTest(pattern)(`${'a'.repeat(20_000)}!`)).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  }
})

test('for PostgreSQL every character is its number, and no group captures', () => {
  const pattern = readPattern('^(a|[x-z]+)\\d{2}')
  expect('wrong' in pattern ? pattern : patternForPostgres(pattern)).toBe(
    '^(?:[\\u0061]|(?:[\\u0078-\\u007a])+)(?:[\\u0030-\\u0039]){2,2}',
  )
})
