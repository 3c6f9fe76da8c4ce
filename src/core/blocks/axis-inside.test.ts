import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeAxis } from './axis-codec.ts'
import { withAxisInside } from './axis-inside.ts'
import { encodeLevelBlock, levelOfPoints } from './level-block.ts'
import { encodePointBlock } from './point-block.ts'

const anySeries = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 3 }), t: fc.integer({ min: 0, max: 1e13 }), v: fc.double() }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((points) => {
    let step = 0
    return {
      steps: Float64Array.from(points, (p) => (step += p.gap)),
      times: Float64Array.from(points, (p) => p.t),
      values: Float64Array.from(points, (p) => p.v),
    }
  })

test('a block whose axis is put inside afterwards is the block that was packed with it', () => {
  fc.assert(
    fc.property(anySeries, fc.boolean(), (series, isWide) => {
      const axis = encodeAxis(series.steps, series.times)
      expect(withAxisInside(encodePointBlock(series, true), axis)).toEqual(encodePointBlock(series, false))
      const level = levelOfPoints(series)
      const pack = (hasSharedAxis: boolean) =>
        encodeLevelBlock(level, { full: 8, isWide, hasSharedAxis, step1: 1, t0: 0, t1: 1 })
      const levelAxis = encodeAxis(level.steps, level.times ?? new Float64Array(0))
      expect(withAxisInside(pack(true), levelAxis)).toEqual(pack(false))
    }),
    { numRuns: 200 },
  )
})
