import { expect, test } from 'vitest'
import { stepsDone } from './steps-done.ts'

test('a program that counts from 0 has done all steps at total − 1', () => expect(stepsDone(39, 40)).toBe(40))
test('a program that counts from 1 has done all steps at total, and not one more', () =>
  expect(stepsDone(40, 40)).toBe(40))
test('the first step counts as one', () => expect(stepsDone(0, 40)).toBe(1))
