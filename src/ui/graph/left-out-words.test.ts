import { expect, test } from 'vitest'
import { leftOutWords, stageCount } from './left-out-words.ts'

test('a lineage that shows all of its stages says how many, and nothing else', () => {
  expect(stageCount({ stages: 1, left_out: 0 })).toBe('1 stage')
  expect(stageCount({ stages: 1200, left_out: 0 })).toBe('1,200 stages')
  expect(leftOutWords({ stages: 2000, left_out: 0 })).toBeNull()
})

test('a lineage that shows the first 2,000 says how many are not there and where they are found', () => {
  expect(stageCount({ stages: 2000, left_out: 345 })).toBe('2,000 of 2,345 stages')
  expect(leftOutWords({ stages: 2000, left_out: 345 })?.title).toBe('345 newer stages are not shown')
  expect(leftOutWords({ stages: 2000, left_out: 345 })?.text).toContain('The search at the top of the page (Ctrl K)')
  expect(leftOutWords({ stages: 1999, left_out: 1 })?.title).toBe('1 newer stage is not shown')
})
