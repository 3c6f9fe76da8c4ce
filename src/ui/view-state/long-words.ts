'use client'
/**
 * Words of an address that are too long for one: `layout=~h3Kd92mPqz` stands for a text that the server keeps as a short view. The name
 * follows from the text, so that the same view has the same address.
 */
import type { UseQueryStatesKeysMap } from 'nuqs'

/** A longer word becomes a short one: a dozen of these still fit an address. */
export const LONG_WORD_CHARACTERS = 800

const MARK = '~'
const SHORT = /^~([0-9A-Za-z]{10})$/
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const KEY_LETTERS = 10

/** What short words stand for, as far as this tab has seen them. */
const texts = new Map<string, string>()

/** The key in a short word; null for a word that stands for itself. */
export const keyOfWord = (word: string): string | null => SHORT.exec(word)?.[1] ?? null

/** The text that a word stands for; null while that is not known. */
export function textOfWord(word: string): string | null {
  const key = keyOfWord(word)
  return key === null ? word : (texts.get(key) ?? null)
}

/** Notes what a key stands for. */
export const learnText = (key: string, text: string): void => {
  texts.set(key, text)
}

/** The word for a text: itself, or a short one that this tab knows from then on. */
export function wordOfText(text: string): string {
  if (text.length <= LONG_WORD_CHARACTERS) return text
  const key = keyOfText(text)
  texts.set(key, text)
  return `${MARK}${key}`
}

/** Ten letters and digits from 64 bits of the text (two runs of FNV-1a with different seeds). */
export function keyOfText(text: string): string {
  let bits = (BigInt(hash(text, 0x811c9dc5)) << 32n) | BigInt(hash(text, 0x9e3779b9))
  let key = ''
  for (let i = 0; i < KEY_LETTERS; i++) {
    key += LETTERS[Number(bits % 62n)]
    bits /= 62n
  }
  return key
}

function hash(text: string, seed: number): number {
  let h = seed
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  // Near texts end far apart.
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  return (h ^ (h >>> 13)) >>> 0
}

const wrapped = new WeakMap<object, object>()

/** The same parsers over short words; one wrapping for each constant. */
export function overShortWords<M extends UseQueryStatesKeysMap>(parsers: M): M {
  const found = wrapped.get(parsers) ?? wrap(parsers)
  wrapped.set(parsers, found)
  return asParsers<M>(found)
}

const wrap = (parsers: UseQueryStatesKeysMap): object =>
  Object.fromEntries(
    Object.entries(parsers).map(([word, parser]) => {
      const { parse, serialize = String } = parser as TextParser
      return [
        word,
        {
          ...parser,
          parse: (text: string) => {
            const whole = textOfWord(text)
            return whole === null ? null : parse(whole)
          },
          serialize: (value: unknown) => wordOfText(serialize(value)),
        },
      ]
    }),
  )

/** A parser of one text, whatever its value. */
interface TextParser {
  parse: (text: string) => unknown
  serialize?: (value: unknown) => string
}

/** Each parser stays what it was for its users: only the texts that it reads and writes are exchanged. */
const asParsers = <M>(made: object): M => made as M
