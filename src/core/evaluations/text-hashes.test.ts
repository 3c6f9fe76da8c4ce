import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { itemWindows, normalised, trainingWindows, WINDOW_WORDS } from './text-hashes.ts'

test.each([
  ['What is 2 + 2?', 'what is 2 2'],
  ['  Ｆｕｌｌ‑width\n ﬁne  ', 'full width fine'],
  ['Größe: 5 µm', 'größe 5 μm'],
  ['日本語、テスト。', '日本語 テスト'],
  ['…—!?', ''],
])('%j is compared as %j', (text, words) => expect(normalised(text)).toBe(words))

test('normalising twice is normalising once', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(normalised(normalised(text))).toBe(normalised(text))
    }),
  ))

const golden: { text: string; normalised: string; hash: string; windows: string[] }[] = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/golden/text-hashes.json', import.meta.url), 'utf8'),
)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test.each(golden)('the Python client hashes $text alike', ({ text, ...of }) =>
  expect({
    normalised: normalised(text),
    hash: sha256(normalised(text)),
    windows: trainingWindows(text).map(sha256),
  }).toEqual(of),
)

const words = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `w${from + i}`).join(' ')

describe('windows', () => {
  test('a text shorter than a window has none', () => {
    expect(itemWindows(words(WINDOW_WORDS - 1))).toEqual([])
    expect(trainingWindows(words(WINDOW_WORDS - 1))).toEqual([])
  })
  test('of training data begin at every word', () => {
    expect(trainingWindows(words(15))).toEqual([words(13), words(13, 1), words(13, 2)])
  })
  test('of an item follow one another, and the last one ends with the text', () => {
    expect(itemWindows(words(26))).toEqual([words(13), words(13, 13)])
    expect(itemWindows(words(28))).toEqual([words(13), words(13, 13), words(13, 15)])
  })
  test('of a long prompt the last twenty are kept, where the question stands', () => {
    const windows = itemWindows(words(13 * 40))
    expect(windows).toHaveLength(20)
    expect(windows.at(-1)).toBe(words(13, 13 * 39))
  })
  test('an item inside a longer text shares a window with it, whatever stands around it', () =>
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 13, max: 80 }), fc.nat(40), (before, length, after) => {
        const item = words(length)
        const text = `${words(before, 1000)} ${item}, ${words(after, 2000)}`
        const windows = new Set(trainingWindows(text))
        expect(itemWindows(item).every((window) => windows.has(window))).toBe(true)
      }),
    ))
})
