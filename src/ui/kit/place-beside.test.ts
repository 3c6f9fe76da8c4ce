import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeBeside } from './place-beside.ts'

const SCREEN = { width: 1000, height: 800 }
const BOX = { width: 100, height: 30 }

describe('a box beside its target', () => {
  test.each([
    ['stands above, in the middle', { left: 400, top: 300, width: 40, height: 20 }, 'top', { left: 370, top: 265 }],
    [
      'stands below where there is no room above',
      { left: 400, top: 10, width: 40, height: 20 },
      'top',
      { left: 370, top: 35 },
    ],
    ['is moved along at an edge', { left: 980, top: 300, width: 20, height: 20 }, 'top', { left: 892, top: 265 }],
    ['stands to the right', { left: 10, top: 300, width: 40, height: 40 }, 'right', { left: 55, top: 305 }],
    [
      'stands to the left at the right edge',
      { left: 950, top: 300, width: 40, height: 40 },
      'right',
      { left: 845, top: 305 },
    ],
  ] as const)('%s', (_, target, side, place) => {
    expect(placeBeside(target, BOX, SCREEN, side)).toEqual(place)
  })

  test('is always whole in a window that has room for it', () => {
    const length = (max: number) => fc.integer({ min: 1, max })
    fc.assert(
      fc.property(
        fc.record({ left: length(1000), top: length(800), width: length(300), height: length(300) }),
        fc.record({ width: length(900), height: length(700) }),
        fc.constantFrom('top' as const, 'right' as const),
        (target, box, side) => {
          const { left, top } = placeBeside(target, box, SCREEN, side)
          expect(left).toBeGreaterThanOrEqual(0)
          expect(top).toBeGreaterThanOrEqual(0)
          expect(left + box.width).toBeLessThanOrEqual(SCREEN.width)
          expect(top + box.height).toBeLessThanOrEqual(SCREEN.height)
        },
      ),
    )
  })
})
