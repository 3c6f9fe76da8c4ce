import fc from 'fast-check'
import { parseAsString } from 'nuqs'
import { describe, expect, it } from 'vitest'
import { VIEW_KEY } from '#src/core/views/views.ts'
import {
  keyOfText,
  keyOfWord,
  LONG_WORD_CHARACTERS,
  learnText,
  overShortWords,
  textOfWord,
  wordOfText,
} from './long-words.ts'

const long = 'x'.repeat(LONG_WORD_CHARACTERS + 1)

describe('words that are too long for an address', () => {
  it('a short text stands for itself, a long one becomes a name that the same text always gets', () => {
    expect(wordOfText('q=a')).toBe('q=a')
    expect(wordOfText(long)).toBe(wordOfText(long))
    expect(wordOfText(long)).toHaveLength(11)
  })

  it('whatever the text, reading the word gives it back, and its key is one that a view can have', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        fc.pre(keyOfWord(text) === null)
        expect(textOfWord(wordOfText(text))).toBe(text)
        expect(keyOfText(text)).toMatch(VIEW_KEY)
      }),
    )
  })

  it('texts that differ in one character have different keys', () => {
    const keys = new Set(Array.from({ length: 20_000 }, (_, i) => keyOfText(`${long}${i}`)))
    expect(keys.size).toBe(20_000)
  })

  it('a word that this tab has not seen reads as nothing until it is learned', () => {
    const { layout } = overShortWords({ layout: parseAsString })
    expect(layout.parse('~0123456789')).toBeNull()
    learnText('0123456789', 'the layout')
    expect(layout.parse('~0123456789')).toBe('the layout')
  })
})
