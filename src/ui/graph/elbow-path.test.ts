import { expect, test } from 'vitest'
import { elbowPath, middleOf } from './elbow-path.ts'

test('cards in one row are joined by a straight line', () => {
  expect(elbowPath({ x: 0, y: 10 }, { x: 44, y: 10 }, 33)).toBe('M0 10L44 10')
})

test('the upright part stands at the elbow', () => {
  const path = elbowPath({ x: 0, y: 0 }, { x: 44, y: 100 }, 33)
  expect(path).toContain('Q33 0 33 6')
  expect(path).toContain('Q33 100 39 100')
})

test('a mark at mid-length stands on the line', () => {
  expect(middleOf({ x: 0, y: 0 }, { x: 44, y: 0 }, 33)).toEqual({ x: 22, y: 0 })
  expect(middleOf({ x: 0, y: 0 }, { x: 44, y: 100 }, 33)).toEqual({ x: 33, y: 50 })
})
