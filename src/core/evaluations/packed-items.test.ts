import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnValues, packItems, readPacked, scoreBits, unpackItems } from './packed-items.ts'
import type { SlimItem } from './slim-item.ts'

const item = (more: Partial<SlimItem>): SlimItem => ({
  id: 'a',
  trial: null,
  cluster: null,
  score: null,
  nats: null,
  bytes: null,
  tokens: null,
  pred: null,
  gold: null,
  ...more,
})

const number = fc.oneof(
  fc.constantFrom(0, 1),
  fc.nat(300),
  fc.nat(70_000),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
)
const count = fc.nat(100_000)
const quad = fc.tuple(count, count, count, count)
const forms = {
  right: fc.record({ score: fc.constantFrom(0, 1) }),
  score: fc.record({ score: number }),
  loss: fc.record({ nats: number, bytes: fc.option(count), tokens: fc.option(count) }),
  labels: fc.record({ pred: fc.string(), gold: fc.constantFrom('yes', 'no', '', 'žluť') }),
  counts: fc.record({ counts: fc.record({ hypLen: count, refLen: count, match: quad, total: quad }) }),
}
const itemsOf = (form: fc.Arbitrary<Partial<SlimItem>>) =>
  fc.uniqueArray(
    fc
      .tuple(fc.string({ minLength: 1 }), fc.option(fc.nat(3)), fc.option(fc.string()), form)
      .map(([id, trial, cluster, values]) => item({ id, trial, cluster, ...values })),
    { minLength: 1, maxLength: 60, selector: (i) => `${i.trial ?? -1} ${i.id}` },
  )

test.each(Object.entries(forms))('items that carry %s come back as they were, whatever their order', (_, form) =>
  fc.assert(
    fc.property(itemsOf(form as fc.Arbitrary<Partial<SlimItem>>), fc.infiniteStream(fc.nat()), (items, keys) => {
      const shuffled = items
        .map((value) => ({ value, key: keys.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ value }) => value)
      const packed = packItems(items)
      const again = packItems(shuffled)
      expect(again).toEqual(packed)
      if (!packed) throw new Error('items of one form can be packed')
      const back = unpackItems(packed.list, packed.bytes)
      expect(new Map(back.map((i) => [`${i.trial} ${i.id}`, i]))).toEqual(
        new Map(items.map((i) => [`${i.trial} ${i.id}`, i])),
      )
    }),
  ),
)

describe('right and wrong answers', () => {
  const answers = Array.from({ length: 1000 }, (_, i) => item({ id: `item-${i}`, score: i % 3 === 0 ? 1 : 0 }))
  const packed = packItems(answers)
  const values = readPacked(packed?.bytes ?? new Uint8Array())

  test('take a bit each', () => expect(packed?.bytes.length).toBe(6 + 1 + 128))
  test('are read as bits, lowest first, in the order of the list', () => {
    const bits = scoreBits(values)
    const right = packed?.list.ids.filter((_, i) => ((bits?.[i >>> 5] ?? 0) >>> (i & 31)) & 1)
    expect(right).toEqual(
      answers
        .filter((a) => a.score === 1)
        .map((a) => a.id)
        .sort(),
    )
  })
  test('are read as numbers too', () =>
    expect(columnValues(values.columns[0] ?? null, values.n).reduce((a, b) => a + b)).toBe(334))
})

test('no items, and items of several forms, are not packed', () => {
  expect(packItems([])).toBeNull()
  expect(packItems([item({ score: 1 }), item({ id: 'b', nats: 2 })])).toBeNull()
})

test('bytes of another layout, cut bytes and another list are refused', () => {
  const packed = packItems([item({ score: 0.25 }), item({ id: 'b', score: 0.5 })])
  if (!packed) throw new Error('scores can be packed')
  expect(() => readPacked(Uint8Array.of(9, 1, 0, 0, 0, 0))).toThrow('layout 9')
  expect(() => readPacked(packed.bytes.slice(0, -1))).toThrow()
  expect(() => unpackItems({ ...packed.list, ids: ['a'] }, packed.bytes)).toThrow('the list has 1 items, the values 2')
})
