import { expect, test } from 'vitest'
import { nearestNames } from './nearest-names.ts'

const KNOWN = ['org/base-7b@main', 'runs/41/step-1000', 'sft', 'dpo-of-sft']

test.each([
  ['base-7b', ['org/base-7b@main']],
  ['other/base-7b', ['org/base-7b@main']],
  ['sftt', ['sft']],
  ['runs/41/step-1001', ['runs/41/step-1000']],
  ['something-else', ['org/base-7b@main', 'runs/41/step-1000', 'sft']],
])('near %s', (given, want) => expect(nearestNames(given, KNOWN)).toEqual(want))

test('nothing is near where nothing is known', () => expect(nearestNames('base', [])).toEqual([]))
