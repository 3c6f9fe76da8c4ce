import { expect, test } from 'vitest'
import { isSingleKey, KEY_GROUPS } from './keys.ts'
import { NAMED_KEYS } from './named-keys.ts'

test('within a group no key does two things', () => {
  for (const { title, lines } of KEY_GROUPS) {
    const told = lines
      .filter(({ does }) => !does.startsWith('In full screen') && !/over everything/i.test(does))
      .flatMap(({ chords }) => chords.map((chord) => chord.join(' ')))
    expect([title, told.filter((chord, i) => told.indexOf(chord) !== i)]).toEqual([title, []])
  }
})

test('every key that pages bind by name is in the list', () => {
  const listed = KEY_GROUPS.flatMap(({ lines }) => lines.flatMap(({ bound }) => bound.as))
  expect(Object.keys(NAMED_KEYS).filter((name) => !listed.includes(`'${name}'`))).toEqual([])
})

test.each<[string[], boolean]>([
  [['X'], true],
  [['Shift', 'X'], true],
  [['/'], true],
  [['mod', 'K'], false],
  [['Enter'], false],
  [['←'], false],
  [['Page down'], false],
])('%j is a single key: %s', (chord, is) => expect(isSingleKey(chord)).toBe(is))
