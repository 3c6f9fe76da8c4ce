import { expect, test } from 'vitest'
import { stageKey } from './stage-key.ts'

test('a stage of another project is named with it', () => {
  expect(stageKey({ project: 'p', number: 3 }, 'p')).toBe('3')
  expect(stageKey({ project: 'q', number: 3 }, 'p')).toBe('q:3')
})
