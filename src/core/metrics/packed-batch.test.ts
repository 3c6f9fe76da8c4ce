import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeDeltas, encodeDeltas, PackedFormatError } from './delta-varint.ts'
import { type PointGroup, packBatch, scanBatch } from './packed-batch.ts'

const step = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const value = fc.double()

const group: fc.Arbitrary<PointGroup<number>> = fc
  .record({
    n: fc.integer({ min: 1, max: 40 }),
    keys: fc.integer({ min: 1, max: 5 }),
    isRegular: fc.boolean(),
    hasTimes: fc.boolean(),
  })
  .chain(({ n, keys, isRegular, hasTimes }) =>
    fc.record({
      steps: isRegular
        ? fc
            .record({ first: fc.nat({ max: 2 ** 40 }), stride: fc.nat({ max: 1000 }) })
            .map(({ first, stride }) => Float64Array.from({ length: n }, (_, i) => first + i * stride))
        : fc.array(step, { minLength: n, maxLength: n }).map((steps) => Float64Array.from(steps)),
      times: hasTimes
        ? fc.array(step, { minLength: n, maxLength: n }).map((times) => Float64Array.from(times))
        : fc.constant(null),
      keys: fc.array(
        fc.record({
          key: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
          values: fc.oneof(
            fc.array(value, { minLength: n, maxLength: n }).map((values) => Float64Array.from(values)),
            fc.array(fc.float(), { minLength: n, maxLength: n }).map((values) => Float64Array.from(values)),
          ),
        }),
        { minLength: keys, maxLength: keys },
      ),
    }),
  )

function unpack(data: Uint8Array) {
  const found: { key: number; steps: number[]; times: number[] | null; values: number[] }[] = []
  scanBatch(data, null, (key, steps, times, values) => {
    found.push({ key, steps: [...steps], times: times && [...times], values: [...values] })
  })
  return found
}

describe('integers as differences', () => {
  test('any integers below 2^53 come back, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(step, fc.nat())), (values) => {
        const bytes = encodeDeltas(values)
        expect([...decodeDeltas(bytes, 0, bytes.length, values.length)]).toEqual(values)
      }),
    )
  })

  test('no bytes make the decoder read outside them or loop', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat(60), (bytes, n) => {
        try {
          expect(decodeDeltas(bytes, 0, bytes.length, n)).toHaveLength(n)
        } catch (error) {
          expect(error).toBeInstanceOf(PackedFormatError)
        }
      }),
    )
  })
})

describe('a packed batch', () => {
  test('gives back every group, key, step, time and value, bit for bit', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), (groups) => {
        const expected = groups.flatMap(({ steps, times, keys }) =>
          keys.map(({ key, values }) => ({ key, steps: [...steps], times: times && [...times], values: [...values] })),
        )
        expect(unpack(packBatch(groups))).toEqual(expected)
      }),
    )
  })

  test('is made of the same bytes when the same is packed again', () => {
    fc.assert(fc.property(fc.array(group, { maxLength: 3 }), (groups) => packBatch(groups).equals(packBatch(groups))))
  })

  test('may hold nothing, when every record was refused', () => {
    expect(unpack(packBatch([]))).toEqual([])
  })

  test('is read only for the wanted keys', () => {
    const data = packBatch([
      {
        steps: Float64Array.of(1, 2),
        times: null,
        keys: [7, 8, 9].map((key) => ({ key, values: Float64Array.of(key, key) })),
      },
    ])
    const seen: number[] = []
    scanBatch(data, new Set([8]), (key) => seen.push(key))
    expect(seen).toEqual([8])
  })

  test('takes four bytes a value where single precision is exact, -0 and NaN included', () => {
    const steps = Float64Array.from({ length: 1000 }, (_, i) => i)
    const narrow = packBatch([{ steps, times: null, keys: [{ key: 1, values: steps.map((i) => Math.fround(i / 3)) }] }])
    const wide = packBatch([{ steps, times: null, keys: [{ key: 1, values: steps.map((i) => i / 3) }] }])
    expect([narrow.length, wide.length]).toEqual([33 + 4000, 33 + 8000])
    const odd = packBatch([
      {
        steps: Float64Array.of(0, 1, 2),
        times: null,
        keys: [{ key: 1, values: Float64Array.of(-0, Number.NaN, Infinity) }],
      },
    ])
    expect(odd.length).toBe(33 + 12)
    expect(Object.is(unpack(odd)[0]?.values[0], -0)).toBe(true)
  })

  test('that is cut or changed is refused or read, but never read outside', () => {
    fc.assert(
      fc.property(group, fc.nat(), fc.nat({ max: 255 }), fc.nat(), (one, at, byte, cut) => {
        const data = packBatch([one])
        data[at % data.length] = byte
        try {
          unpack(data.subarray(0, cut % (data.length + 1)))
        } catch (error) {
          expect(error).toBeInstanceOf(PackedFormatError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
