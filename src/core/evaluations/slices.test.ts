import { expect, test } from 'vitest'
import { slicesOf } from './slices.ts'

const item = (id: string, tags: Record<string, string>) => ({ id, tags })
const told = (slices: ReturnType<typeof slicesOf>) =>
  slices.map(({ key, value, ids }) => `${key} ${value}: ${[...ids].sort().join(' ')}`)

test('each value of a label is a slice', () =>
  expect(
    told(
      slicesOf([[item('a', { seen: 'yes' }), item('b', { seen: 'no' }), item('c', { seen: 'yes' }), item('d', {})]]),
    ),
  ).toEqual(['seen no: b', 'seen yes: a c']))

test('labels and values come in order, numbers by size', () =>
  expect(
    told(
      slicesOf([
        [item('a', { len: '10', b: 'x' }), item('b', { len: '9', b: 'y' }), item('c', { len: '100', b: 'x' })],
      ]),
    ),
  ).toEqual(['b x: a c', 'b y: b', 'len 9: b', 'len 10: a', 'len 100: c']))

test('a label that differs from answer to answer is an outcome and no slice', () => {
  const before = [item('a', { ended: 'no', seen: 'yes' }), item('b', { ended: 'no', seen: 'no' })]
  const after = [item('a', { ended: 'yes', seen: 'yes' }), item('b', { ended: 'no', seen: 'no' })]
  expect(told(slicesOf([before, after]))).toEqual(['seen no: b', 'seen yes: a'])
})

test('one value for all is no slice, and neither is a value for each', () => {
  const many = Array.from({ length: 13 }, (_, i) => item(`i${i}`, { suite: 'one', title: `title ${i}` }))
  expect(slicesOf([many])).toEqual([])
})
