import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvReader } from './csv-rows.ts'

describe('rows of CSV', () => {
  test.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '\ufeffa,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['"a,b","say ""x"""\n', [['a,b', 'say "x"']]],
    ['"two\nlines",2\n', [['two\nlines', '2']]],
    ['a,,c\n\n,\n', [['a', '', 'c']]],
    ['', []],
  ])('%j', (text, want) => expect(rowsOf(text, 1_000)).toEqual(want))

  test('are the same in pieces of any size', () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'grapheme-ascii' }), { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 7 }),
        (table, size) => {
          const text = table.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')
          expect(rowsOf(text, size)).toEqual(table.filter((row) => row.some((cell) => cell !== '')))
        },
      ),
    ))
  test('a quote that is never closed does not fill the memory', () => {
    const reader = csvReader(10)
    reader.push(`"${'x'.repeat(1000)}`)
    expect(reader.end()).toEqual([['x'.repeat(10)]])
  })
})

function rowsOf(text: string, size: number): string[][] {
  const reader = csvReader()
  const rows: string[][] = []
  for (let at = 0; at < text.length; at += size) rows.push(...reader.push(text.slice(at, at + size)))
  return [...rows, ...reader.end()]
}
