import { expect, test } from 'vitest'
import { configDiff } from './config-diff.ts'

test('keys that differ come first, nested keys are dotted', () => {
  const rows = configDiff(
    { steps: 180, lr: { peak: 0.0015 }, data: 'a' },
    { steps: 90, lr: { peak: 0.0015 }, task: true },
  )
  expect(rows.filter((row) => row.differs)).toEqual([
    { key: 'data', before: 'a', after: null, differs: true },
    { key: 'steps', before: '180', after: '90', differs: true },
    { key: 'task', before: null, after: 'true', differs: true },
  ])
  expect(rows.at(-1)).toEqual({ key: 'lr.peak', before: '0.0015', after: '0.0015', differs: false })
})

test('without a parent nothing differs', () => {
  expect(configDiff(null, { a: [1, 2] })).toEqual([{ key: 'a', before: null, after: '[1,2]', differs: false }])
})
