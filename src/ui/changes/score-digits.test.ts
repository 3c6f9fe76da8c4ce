import { expect, test } from 'vitest'
import { digitsOf, pointsPerUnit, scoreWords } from './score-digits.ts'

test.each([
  ['a share', { kind: 'accuracy', best: 1 }, 0.5387, '0.539'],
  ['a score in points, as cards publish them', { kind: 'accuracy', best: null }, 83.9, '83.9'],
  ['a low score on a scale of 100', { kind: 'rate', best: 100 }, 0.4, '0.4'],
  ['a loss', { kind: 'loss', best: null }, 2.3162, '2.316'],
  ['a rating', { kind: 'elo', best: null }, 1012.4, '1012'],
] as const)('%s has the decimals of its scale', (_, benchmark, score, words) =>
  expect(scoreWords(score, benchmark)).toBe(words),
)

test('a change has the decimals of its score', () => expect(digitsOf({ kind: 'accuracy', best: 100 }, 83.9)).toBe(1))

test.each([
  ['a share', { kind: 'accuracy', best: 1 }, 0.5387, 100],
  ['a score in points', { kind: 'accuracy', best: null }, 34.5, 1],
  ['a loss', { kind: 'loss', best: null }, 2.3162, null],
  ['a rating', { kind: 'elo', best: null }, 1012.4, null],
] as const)('a gain of %s is counted in points as it is one', (_, benchmark, score, points) =>
  expect(pointsPerUnit(benchmark, score)).toBe(points),
)
