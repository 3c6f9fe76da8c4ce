import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ansiText } from '#src/core/console/ansi-spans.ts'
import { linePattern } from '#src/core/console/line-search.ts'
import { packLines } from '#src/core/metrics/console-chunk.ts'
import { BoundedPattern } from './bounded-pattern.ts'
import { scanForPattern, scanForText } from './scan-chunks.ts'

const ESC = '\u001b'
const PIECES = ['a', 'A', 'b', 'ab', 'ß', '🙂', `${ESC}[3`, `${ESC}[31m`, `${ESC}[0m`, '\r', ' ', `${ESC}]8;;x${ESC}\\`]
const lines = fc.array(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((parts) => parts.join('')),
  { minLength: 1, maxLength: 8 },
)
const chunk = (texts: readonly string[]) => packLines(texts.map((text, t) => ({ t, fd: 1 as const, text })))

test('whatever is printed and looked for, the lines found are those whose shown text holds it', () => {
  fc.assert(
    fc.property(
      lines,
      fc.constantFrom('a', 'ab', 'b ', 'ß', '🙂', 'aa', 'm', '[3'),
      fc.boolean(),
      (texts, q, exact) => {
        const fold = (line: string) => (exact ? line : line.toLowerCase())
        const expected = texts.flatMap((line, i) => (fold(ansiText(line)).includes(fold(q)) ? [i] : []))
        expect(scanForText(q, exact)(chunk(texts))).toEqual(expected)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('a pattern is tried on each line as it is shown', () => {
  fc.assert(
    fc.property(lines, fc.constantFrom('^a', 'b$', 'a.b', '^$', '[^a]+', '\\p{Lu}'), (texts, q) => {
      const found = linePattern({ q, regex: true, exact: true })
      if (found.kind === 'wrong') throw new Error(found.reason)
      const plain = new RegExp(q, 'u')
      const expected = texts.flatMap((line, i) => (plain.test(ansiText(line)) ? [i] : []))
      expect(scanForPattern(new BoundedPattern(found.pattern))(chunk(texts))).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})
