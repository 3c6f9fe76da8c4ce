import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Box, barBoxes, meet, type NamedPoint, nameBox, placeNames } from './place-names.ts'

const BOX: Box = { left: 0, right: 300, top: 0, bottom: 200 }
const HEAD: Box = { left: 0, right: 90, top: 0, bottom: 16 }

const named = fc.record({
  name: fc.constantFrom('base', 'sft', 'task-full', 'task-lora-r16', 'WMT', 'domain + replay 10 %'),
  x: fc.double({ min: 0, max: 300, noNaN: true }),
  y: fc.double({ min: 0, max: 200, noNaN: true }),
  rank: fc.integer({ min: 0, max: 3 }),
  isStrong: fc.boolean(),
  note: fc.constantFrom('', '3.9'),
})

test('a name lies over no point, no other name and no word that stands already, and inside its box', () => {
  fc.assert(
    fc.property(fc.array(named, { maxLength: 14 }), (points) => {
      const rects = placeNames(points, BOX, [HEAD]).map((place) => nameBox(points[place.point] as NamedPoint, place))
      const marks = points.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }))
      return rects.every(
        (rect, i) =>
          rect.left >= BOX.left &&
          rect.right <= BOX.right &&
          rect.top >= BOX.top &&
          rect.bottom <= BOX.bottom &&
          [HEAD, ...marks, ...rects.slice(i + 1)].every((other) => !meet(rect, other)),
      )
    }),
  )
})

test('the one that counts most has its place first, and one without room is left out', () => {
  const crowd = [0, 1, 2].map((rank) => ({ name: `crowded ${rank}`, x: 150, y: 100, rank: 2 - rank }))
  const tight = { left: 60, right: 240, top: 90, bottom: 110 }
  const placed = placeNames(crowd, tight)
  expect(placed[0]?.point).toBe(2)
  expect(placed).toHaveLength(2)
})

test('a point with room has its name beside it', () => {
  expect(placeNames([{ name: 'alone', x: 50, y: 50, rank: 0 }], BOX)).toEqual([
    { point: 0, x: 59, y: 54, anchor: 'start' },
  ])
})

test('the bars of an interval are left free where there is other room, and covered where there is none', () => {
  const point = { name: 'measured', x: 150, y: 100, rank: 0 }
  const bars = barBoxes(point, [100, 200], [60, 140])
  const [aslant] = placeNames([point], BOX, [], bars)
  expect(aslant && bars.some((bar) => meet(nameBox(point, aslant), bar))).toBe(false)
  expect(placeNames([point], { left: 0, right: 300, top: 90, bottom: 110 }, [], bars)).toHaveLength(1)
})
