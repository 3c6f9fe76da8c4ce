import { expect, test } from 'vitest'
import { visibleSides } from './visible-sides.ts'

const cell = (text: string | null, relative: string | null = null) => ({ text, planned: null, relative })
const sides = {
  entries: [
    { name: 'base', is_baseline: true },
    { name: 'open', is_baseline: false },
    { name: 'secret', is_baseline: false },
  ],
  how: [{ key: 'method', cells: [cell('full'), cell('full'), cell('lora')], differs: true }],
  cost: [
    { key: 'cost', cells: [cell('$1'), cell('$2', '+100 %'), cell('$9', '+800 %')], differs: true },
    { key: 'path', cells: [cell(null), cell(null), cell('$9')], differs: true },
  ],
  why: [{ cells: [{ change: null }, { change: 0.1 }, null], differs: true }],
  readings: [null, { title: 'gained' }, { title: 'lost' }],
  config: [
    { path: ['only'], cells: [null, null, '"s3cret"'], differs: true },
    { path: ['lr'], cells: ['1', '2', '3'], differs: true },
  ],
  metrics: [{ key: 'loss', cells: [{ last: 1 }, null, { last: 3 }], differs: true }],
}
test('a hidden column leaves nothing behind, not even a row that only it filled', () => {
  const left = visibleSides(sides, [0, 1])
  expect(left.entries.map(({ name }) => name)).toEqual(['base', 'open'])
  expect(left.how).toEqual([{ key: 'method', cells: [cell('full'), cell('full')], differs: false }])
  expect(left.cost.map(({ key }) => key)).toEqual(['cost'])
  expect(left.config.map(({ path }) => path.join('.'))).toEqual(['lr'])
  expect(JSON.stringify(left)).not.toMatch(/s3cret|secret|\$9|lora/)
})

test('without the baseline nothing says how far it was from it', () => {
  const left = visibleSides(sides, [1, 2])
  expect(left.cost[0]?.cells.map(({ relative }) => relative)).toEqual([null, null])
  expect(left.why[0]?.cells).toEqual([{ change: null }, null])
  expect(left.readings).toEqual([null, null])
})

test('whoever sees all columns reads what was kept', () => expect(visibleSides(sides, [0, 1, 2])).toBe(sides))
