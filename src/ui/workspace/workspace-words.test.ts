import { expect, test } from 'vitest'
import { DEFAULT_LOOK } from '#src/core/layouts/layout.ts'
import { endsText, lookOfWords, readEnds, WORDS, type Words, wordsOfLook } from './workspace-words.ts'

const EMPTY = Object.fromEntries(
  Object.entries(WORDS).map(([word, parser]) => [word, 'defaultValue' in parser ? parser.defaultValue : null]),
) as unknown as Words

test('an address without a word is the usual look', () => {
  expect(lookOfWords(EMPTY)).toEqual(DEFAULT_LOOK)
})

test('what a look writes is what it reads', () => {
  const change = {
    x: 'metric',
    xMetric: 'tokens',
    smoothing: null,
    logX: true,
    logY: true,
    outliers: false,
    yMin: 0,
    yMax: 4,
    group: { by: 'config', key: 'lr', center: 'median', band: 'se' },
    members: true,
    superseded: true,
  } as const
  expect(lookOfWords({ ...EMPTY, ...wordsOfLook(change, DEFAULT_LOOK) } as Words)).toEqual(change)
})

test('another axis shows all of itself', () => {
  expect(wordsOfLook({ x: 'tokens' }, DEFAULT_LOOK)).toEqual({ x: 'tokens', zoom: null })
})

test.each([
  ['0..4', [0, 4]],
  ['..-1e-3', [null, -0.001]],
  ['2.5..', [2.5, null]],
])('the ends %s are read and written', (text, ends) => {
  expect(readEnds(text)).toEqual(ends)
  expect(readEnds(endsText(ends as [number | null, number | null]))).toEqual(ends)
})

test.each(['', '..', '4..0', '1..1', 'a..b', '1'])('"%s" is no range', (text) => {
  expect(readEnds(text)).toBeNull()
})

test('an axis without its metric, and groups without their key, are as if they were not there', () => {
  const look = lookOfWords({ ...EMPTY, x: 'metric', together: 'config' })
  expect(look).toMatchObject({ x: 'step', group: null })
})
