import { expect, test } from 'vitest'
import { lookOfRun, runLook, valueLook } from './run-colour.ts'

const run = { number: 12, stage: { number: 3 }, groupKey: '0.001' }

test('a run has its own colour, that of its stage or that of its value, wherever it is drawn', () => {
  expect(lookOfRun(run, 'run')).toEqual(runLook(12))
  expect(lookOfRun(run, 'stage')).toEqual(runLook(3))
  expect(lookOfRun(run, 'group')).toEqual(valueLook('0.001'))
})

test('beside runs of other projects a run keeps its colour, and dash and mark tell the projects apart', () => {
  const at = (place: number) => lookOfRun({ ...run, number: 99, from: { number: 12, place } }, 'run')
  expect(at(0)).toEqual(runLook(12))
  expect(at(1).colour).toBe(runLook(12).colour)
  expect([at(1).dash, at(1).marker]).not.toEqual([at(0).dash, at(0).marker])
})

test('the colour of a value is told by its text alone, and a missing one is grey', () => {
  expect(valueLook('0.001')).toEqual(valueLook('0.001'))
  expect(valueLook(null).colour).toBe('var(--text-3)')
})

test('from the ninth run on dash and mark tell runs of one colour apart, up to twenty of them', () => {
  const [first, second] = [runLook(1), runLook(9)]
  expect(second.colour).toBe(first.colour)
  expect(first).toMatchObject({ dash: [], marker: null })
  expect(second.dash).not.toEqual([])
  expect(second.marker).not.toBeNull()
  const ofOneColour = Array.from({ length: 20 }, (_, i) => runLook(1 + 8 * i))
  expect(new Set(ofOneColour.map((look) => JSON.stringify(look))).size).toBe(20)
  expect(new Set(ofOneColour.map(({ colour }) => colour)).size).toBe(1)
})
