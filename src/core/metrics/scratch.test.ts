import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeDeltas, encodeDeltas } from './delta-varint.ts'
import { packBatch, scanBatch } from './packed-batch.ts'

describe('memory that is used again', () => {
  it('never shows in what was packed before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 2 ** 52 }), { minLength: 1, maxLength: 50 }), {
          minLength: 2,
          maxLength: 6,
        }),
        (lists) => {
          const packed = lists.map((list) => encodeDeltas(list))
          lists.forEach((list, i) => {
            const bytes = packed[i] as Uint8Array
            expect([...decodeDeltas(bytes, 0, bytes.length, list.length)]).toEqual(list)
          })
        },
      ),
    )
  })

  it('shows the same points in a brief walk as in one whose arrays are kept', () => {
    const steps = Float64Array.from({ length: 300 }, (_, i) => i * 3)
    const batch = packBatch(
      [300, 2, 257].map((n) => ({
        steps: steps.subarray(0, n),
        times: n === 2 ? null : steps.subarray(0, n).map((step) => step + 1.7e12),
        keys: [
          { key: 1, values: steps.subarray(0, n).map((step) => step + 0.1) },
          { key: 2, values: steps.subarray(0, n).map((step) => step / 2) },
        ],
      })),
    )
    const walk = (isBrief: boolean) => {
      const seen: unknown[] = []
      scanBatch(batch, null, (id, s, t, v) => seen.push([id, [...s], t && [...t], [...v], v.constructor.name]), isBrief)
      return seen
    }
    expect(walk(true)).toEqual(walk(false))
    expect(walk(true)).toHaveLength(6)
  })
})
