import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packLines, unpackLines } from './console-chunk.ts'
import { PackedFormatError } from './delta-varint.ts'
import { readLines } from './read-lines.ts'

const line = fc.record({
  t: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  fd: fc.constantFrom(1 as const, 2 as const),
  text: fc.string({ unit: 'grapheme' }),
})

test('lines come back as they were, all or a part', () => {
  fc.assert(
    fc.property(fc.array(line), fc.nat(10), fc.nat(10), (lines, from, to) => {
      expect(unpackLines(packLines(lines))).toEqual(lines)
      expect(unpackLines(packLines(lines), from, to)).toEqual(lines.slice(from, Math.max(from, to)))
    }),
  )
})

test('a chunk that is cut or changed is refused or read, but never read outside', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      fc.nat(255),
      fc.nat(),
      (lines, at, byte, cut) => {
        const data = packLines(lines)
        data[at % data.length] = byte
        try {
          unpackLines(data.subarray(0, cut % (data.length + 1)))
        } catch (error) {
          expect(error).toBeInstanceOf(PackedFormatError)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('a bad line costs only itself', () => {
  const lines = [
    { t: 1, fd: 1, text: 'a' },
    { t: -1, fd: 1, text: 'b' },
    { t: 1, fd: 3, text: 'c' },
    { t: 1, fd: 2 },
    null,
  ]
  expect(readLines({ lines }, 10, 1000)).toEqual({
    lines: [{ t: 1, fd: 1, text: 'a' }],
    rejected: [
      { key: 'lines/1', reason: 'invalid_time' },
      { key: 'lines/2', reason: 'invalid_fd' },
      { key: 'lines/3', reason: 'invalid_text' },
      { key: 'lines/4', reason: 'invalid_line' },
    ],
  })
})

test('a line that is too long is cut between characters and says how much is gone', () => {
  const text = 'ü'.repeat(100)
  const [cut] = readLines({ lines: [{ t: 1, fd: 1, text }] }, 10, 99).lines
  expect(Buffer.byteLength(cut?.text ?? '')).toBeLessThanOrEqual(99)
  expect(cut?.text).toMatch(/^ü+ … \[\d+ bytes cut\]$/)
  const gone = Number(/\[(\d+) bytes/.exec(cut?.text ?? '')?.[1])
  expect(gone + 2 * (cut?.text.match(/ü/g)?.length ?? 0)).toBe(200)
})
