import { expect, test } from 'vitest'
import { composeSections } from '#src/core/layouts/compose.ts'
import { NO_ARRANGEMENT } from '#src/core/layouts/layout-text.ts'
import { packRows, usualSpan } from './pack-rows.ts'

const KEYS = ['loss', 'lr', 'a', 'b', 'eval/x', 'system/cpu']
const sections = composeSections(NO_ARRANGEMENT, KEYS)
const counts = (width: number) =>
  packRows(sections, width).flatMap((row) => (row.kind === 'panels' ? [row.cells.length] : []))

test('panels stand side by side as far as they can be read', () => {
  expect(counts(620)).toEqual([1, 1, 1, 1, 1])
  expect(counts(900)).toEqual([2, 2, 1])
  expect(counts(1300)).toEqual([3, 1, 1])
})

test('where there are too few to fill a row they share it, and a lone one takes half', () => {
  const spans = (keys: string[]) =>
    packRows(composeSections(NO_ARRANGEMENT, keys), 2000).flatMap((row) =>
      row.kind === 'panels' ? [row.cells.map(({ span }) => span)] : [],
    )
  expect([['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd', 'e']].map(spans)).toEqual([
    [[6]],
    [[6, 6]],
    [[4, 4, 4]],
    [[3, 3, 3, 3]],
    [[3, 3, 3, 3], [3]],
  ])
})

test('a section that is folded has its head alone', () => {
  const rows = packRows(sections, 900).filter((row) => row.shown.section.id === 'keys:system')
  expect(rows.map((row) => row.kind)).toEqual(['head'])
})

test('a wide panel takes its room and begins a row of its own', () => {
  const wide = composeSections(
    { sections: [{ ...(sections[0]?.section as never as object), changed: { 'key:lr': { width: 12 } } } as never] },
    KEYS,
  )
  const rows = packRows(wide, 1300).flatMap((row) =>
    row.kind === 'panels' ? [row.cells.map(({ panel }) => panel.id)] : [],
  )
  expect(rows).toEqual([['key:loss', 'key:a', 'key:b'], ['key:lr'], ['key:eval/x']])
})

test('the usual span grows with the room', () => {
  expect([400, 800, 1200, 2000].map(usualSpan)).toEqual([12, 6, 4, 3])
})
