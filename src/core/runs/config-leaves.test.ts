import { expect, test } from 'vitest'
import { configLeaves, LEAF_TEXT_MAX } from './config-leaves.ts'

test('values are told by their path, lists as text, and null is missing', () => {
  expect(
    Object.fromEntries(
      configLeaves({
        lr: 1e-4,
        model: { name: 'small', deep: { n: 0 } },
        on: false,
        none: null,
        list: [1, 'a', { b: 2 }],
      }),
    ),
  ).toEqual({ lr: 1e-4, 'model.name': 'small', 'model.deep.n': 0, on: false, list: '[1, "a", {"b": 2}]' })
})

test('a name with dots in it stands before a path of the same spelling', () => {
  expect(configLeaves({ a: { b: 1 }, 'a.b': 2 }).get('a.b')).toBe(2)
  expect(configLeaves({ 'a.b': 2, a: { b: 1 } }).get('a.b')).toBe(2)
})

test('of a long text its beginning counts, and a path that is too long does not', () => {
  const long = '😀'.repeat(LEAF_TEXT_MAX + 1)
  expect(configLeaves({ long, [long]: 1 })).toEqual(new Map([['long', '😀'.repeat(LEAF_TEXT_MAX)]]))
})
