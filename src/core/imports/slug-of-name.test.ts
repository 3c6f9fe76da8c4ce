import { describe, expect, test } from 'vitest'
import { slugOfName } from './slug-of-name.ts'

describe('the slug of a name', () => {
  test.each([
    [['mmlu'], 'mmlu'],
    [['arc_challenge', 'acc_norm', null], 'arc-challenge-acc-norm'],
    [['HumanEval+'], 'humaneval-plus'],
    [['org/Base-7B@main'], 'org-base-7b-main'],
    [['Übung'], 'ubung'],
    [['__a__'], 'a'],
  ])('%j', (words, want) => expect(slugOfName(...words)).toBe(want))
  test('of something without a letter is a word with a number', () =>
    expect(slugOfName('日本')).toMatch(/^name-[a-z0-9]+$/))
  test('that is cut differs for names that differ behind the cut', () => {
    const [a, b] = [slugOfName(`${'x'.repeat(80)}a`), slugOfName(`${'x'.repeat(80)}b`)]
    expect(a).not.toBe(b)
    expect([a.length <= 64, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(a)]).toEqual([true, true])
  })
})
