import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineHeights } from './line-heights.ts'

const ROW = 18

test('lines that nobody measured lie a row apart', () => {
  const heights = new LineHeights(ROW)
  expect([heights.topOf(0), heights.topOf(1_000_000)]).toEqual([0, 18_000_000])
  expect([heights.lineAt(0), heights.lineAt(17), heights.lineAt(18), heights.lineAt(18_000_000)]).toEqual([
    0, 0, 1, 1_000_000,
  ])
})

test('a wrapped line moves those behind it, and is told by how much it grew', () => {
  const heights = new LineHeights(ROW)
  expect(heights.set(3, 3 * ROW)).toBe(2 * ROW)
  expect(heights.set(3, 3 * ROW)).toBe(0)
  expect([heights.topOf(3), heights.topOf(4)]).toEqual([3 * ROW, 6 * ROW])
  expect([heights.lineAt(5 * ROW), heights.lineAt(6 * ROW)]).toEqual([3, 4])
  expect(heights.set(3, ROW)).toBe(-2 * ROW)
  expect(heights.topOf(4)).toBe(4 * ROW)
})

test('the line at the top of a line is that line, whatever was measured', () => {
  const measured = fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 40 })), { maxLength: 40 })
  fc.assert(
    fc.property(measured, fc.nat(300), (rows, line) => {
      const heights = new LineHeights(ROW)
      for (const [at, n] of rows) heights.set(at, n * ROW)
      expect(heights.lineAt(heights.topOf(line))).toBe(line)
      expect(heights.lineAt(heights.topOf(line + 1) - 1)).toBe(line)
    }),
  )
})
