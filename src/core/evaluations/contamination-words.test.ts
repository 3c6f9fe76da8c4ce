import { expect, test } from 'vitest'
import { contaminationWarning, uncomparedWords } from './contamination-words.ts'

test('nothing found, nothing said', () => expect(contaminationWarning([], 10, [])).toBeNull())
test('the first five are named, the rest counted', () =>
  expect(contaminationWarning(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 9, ['web@v1'])).toContain(
    'a, b, c, d, e and 2 more.',
  ))
test('one is one', () => expect(contaminationWarning(['a'], 9, ['web@v1'])).toContain('1 of 9 items is also'))

const all = { items: 9, n: 9, datasets: 1, unreported: [] }
test.each([
  [all, null],
  [{ ...all, n: 0, items: 0 }, 'without items'],
  [{ ...all, items: 0 }, 'No item has'],
  [{ ...all, datasets: 0 }, 'names its data sets'],
  [{ ...all, unreported: ['web@v1'] }, 'No hashes were reported of web@v1.'],
  [{ ...all, items: 7 }, '2 of 9 items have neither'],
])('what could not be compared: %j', (of, words) =>
  words === null ? expect(uncomparedWords(of)).toBeNull() : expect(uncomparedWords(of)).toContain(words),
)
