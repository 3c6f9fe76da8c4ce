import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MARKER_GAP, MARKERS, markerPath, markerSpots } from './markers.ts'

const box = { left: 50, top: 8, width: 600, height: 200 }
/** Axis units are px here. */
const place = { fromX: 0, perX: 1, fromY: 0, perY: 1 }
const line = (...points: [number, number][]) => Float64Array.from(points.flat())
const dense = (y = 100) => line(...Array.from({ length: 700 }, (_, x): [number, number] => [x, y]))

test('a line of many points has few marks, evenly apart', () => {
  const xs = markerSpots(dense(), place, box, 0).map(({ x }) => x)
  expect(xs).toHaveLength(8)
  for (let i = 1; i < xs.length; i++)
    expect(Math.abs((xs[i] as number) - (xs[i - 1] as number) - MARKER_GAP)).toBeLessThanOrEqual(1)
})

test('neighbouring lines have theirs at other places', () => {
  const first = (order: number) => markerSpots(dense(), place, box, order)[0]?.x as number
  for (let order = 0; order < 8; order++) expect(Math.abs(first(order) - first(order + 1))).toBeGreaterThan(8)
})

test('marks lie on points, never in a gap or outside of the plot', () => {
  const point = fc.tuple(
    fc.integer({ min: -100, max: 800 }),
    fc.oneof(fc.integer({ min: -50, max: 300 }), fc.constant(Number.NaN)),
  )
  fc.assert(
    fc.property(fc.array(point, { maxLength: 60 }), fc.nat(30), (points, order) => {
      const sorted = points.toSorted(([a], [b]) => a - b)
      const spots = markerSpots(line(...sorted), place, box, order)
      for (const { x, y } of spots) {
        expect(sorted.some((p) => p[0] === x && p[1] === y)).toBe(true)
        expect(x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height).toBe(true)
      }
      for (let i = 1; i < spots.length; i++)
        expect((spots[i]?.x as number) - (spots[i - 1]?.x as number)).toBeGreaterThanOrEqual(MARKER_GAP / 2)
    }),
  )
})

test('a line of few points that are far apart has each marked once', () =>
  expect(markerSpots(line([60, 10], [300, 20], [600, 30]), place, { ...box, left: 20 }, 0)).toHaveLength(3))

test('each mark is a closed shape of its own', () => {
  const shapes = MARKERS.map((marker) => markerPath(marker, 10, 10))
  expect(new Set(shapes).size).toBe(MARKERS.length)
  for (const shape of shapes) expect(shape).toMatch(/^M.*Z$/)
})
