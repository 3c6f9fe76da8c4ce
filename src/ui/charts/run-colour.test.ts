import { expect, test } from 'vitest'
import { lookOfRun, runLook, valueLook } from './run-colour.ts'

const run = { number: 12, stage: { number: 3 }, groupKey: '0.001' }

test('a run has its own colour, that of its stage or that of its value, wherever it is drawn', () => {
  expect(lookOfRun(run, 'run')).toEqual(runLook(12))
  expect(lookOfRun(run, 'stage')).toEqual(runLook(3))
  expect(lookOfRun(run, 'group')).toEqual(valueLook('0.001'))
})

test('the colour of a value is told by its text alone, and a missing one is grey', () => {
  expect(valueLook('0.001')).toEqual(valueLook('0.001'))
  expect(valueLook(null).colour).toBe('var(--text-3)')
})

test('from the ninth run on dashes tell runs of one colour apart', () => {
  expect(runLook(9).colour).toBe(runLook(1).colour)
  expect(runLook(9).dash).not.toEqual(runLook(1).dash)
})
