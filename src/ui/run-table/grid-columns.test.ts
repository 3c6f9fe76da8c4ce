import { expect, test } from 'vitest'
import { readColumns, writeColumns } from './column-list.ts'
import { gridColumns, scaleColumns, widthOf, withWideNames } from './grid-columns.ts'

const chosen = readColumns('state,metrics.loss.min!@90,cost@200')
const widths = ({ all }: ReturnType<typeof gridColumns>) => all.map(({ look, width }) => [look.text, width])

test('columns grow with the lettering, and the widths that are kept mean the same at every size', () => {
  const usual = gridColumns(chosen, false)
  const twice = scaleColumns(usual, 2)
  expect(widths(twice)).toEqual([
    ['metrics.loss.min', 180],
    ['state', 196],
    ['cost', 400],
  ])
  expect(twice.name.width).toBe(2 * usual.name.width)
  expect(twice.eye).toBe(usual.eye)
  expect(scaleColumns(twice, 1)).toEqual(usual)
  expect(writeColumns(chosen)).toBe('state,metrics.loss.min!@90,cost@200')
})

test('names take the room that is left, and no more than they need', () => {
  const columns = gridColumns(chosen, false)
  const rest = widthOf(columns.all)
  expect(withWideNames(columns, rest + 250).name.width).toBe(250)
  expect(withWideNames(columns, rest + 1000).name.width).toBe(340)
  expect(withWideNames(columns, 0).name.width).toBe(186)
})
