import { expect, test } from 'vitest'
import { drawnMarks } from './non-finite-marks.ts'

test('values that are no numbers one after the other are a row of marks with one line at its beginning', () => {
  const drawn = drawnMarks(at(0, 8, 16, 24, 32), same)
  expect(drawn.map(({ px }) => px)).toEqual([0, 16, 32])
  expect(drawn.map(({ hasStem }) => hasStem)).toEqual([true, false, false])
})

test('those that stand alone have a line each', () =>
  expect(drawnMarks(at(0, 100, 300), same).map(({ hasStem }) => hasStem)).toEqual([true, true, true]))

test('another value is a place of its own, however near', () =>
  expect(drawnMarks([...at(0), { x: 1, value: '-Infinity' }], same).map(({ hasStem }) => hasStem)).toEqual([
    true,
    true,
  ]))

const at = (...places: number[]) => places.map((x) => ({ x, value: 'NaN' }))
const same = (x: number) => x
