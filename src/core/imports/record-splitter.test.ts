import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordSplitter } from './record-splitter.ts'

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 8 })

describe('records of a text', () => {
  test('JSON lines come out whole, whatever the pieces', () =>
    fc.assert(
      fc.property(objects, fc.integer({ min: 1, max: 9 }), (list, size) => {
        const text = list.map((o) => JSON.stringify(o)).join('\n')
        expect(recordsOf(text, size).map((r) => JSON.parse(r))).toEqual(JSON.parse(JSON.stringify(list)))
      }),
    ))
  test('so do the objects of an array', () =>
    fc.assert(
      fc.property(objects, fc.integer({ min: 1, max: 9 }), (list, size) => {
        const text = JSON.stringify(list, null, 2)
        expect(recordsOf(text, size).map((r) => JSON.parse(r))).toEqual(JSON.parse(JSON.stringify(list)))
      }),
    ))
  test('a torn line is its own record', () => expect(recordsOf('{"a":1}\n{"b":', 3)).toEqual(['{"a":1}', '{"b":']))
  test('a torn array gives its torn object last', () =>
    expect(recordsOf('[{"a":1},\n{"b":', 3)).toEqual(['{"a":1}', '{"b":']))
  test('nothing but blanks has no records', () => expect(recordsOf(' \n\n', 1)).toEqual([]))
  test.each(['\n', ''])('a record that is too long is left out and counted once', (end) => {
    let tooLong = 0
    const splitter = recordSplitter(10, () => tooLong++)
    const text = `{"a":1}\n{"b":"${'x'.repeat(50)}"}\n{"c":3}${end}`
    const records = [...text].flatMap((c) => splitter.push(c)).concat(splitter.end())
    expect([records, tooLong]).toEqual([['{"a":1}', '{"c":3}'], 1])
  })
  test('so is one of an array', () => {
    let tooLong = 0
    const splitter = recordSplitter(10, () => tooLong++)
    const text = `[{"a":1},{"b":"${'x'.repeat(50)}"},{"c":3}]`
    const records = [...text].flatMap((c) => splitter.push(c)).concat(splitter.end())
    expect([records, tooLong]).toEqual([['{"a":1}', '{"c":3}'], 1])
  })
})

function recordsOf(text: string, size: number): string[] {
  const splitter = recordSplitter(1_000_000)
  const records: string[] = []
  for (let at = 0; at < text.length; at += size) records.push(...splitter.push(text.slice(at, at + size)))
  return [...records, ...splitter.end()]
}
