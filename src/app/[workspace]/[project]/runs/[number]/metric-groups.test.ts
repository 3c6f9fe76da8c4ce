import { expect, test } from 'vitest'
import { groupMetrics } from './metric-groups.ts'

const keys = (...names: string[]) => names.map((key) => ({ key, n: 90 }))

test('the loss comes first, keys without a prefix before sections, telemetry apart', () => {
  expect(groupMetrics(keys('lr', 'loss', 'eval/bpb', 'system/a/cpu.util', 'grad_norm', 'loss/lm'))).toEqual({
    main: 'loss',
    beside: [],
    sections: [
      { prefix: '', keys: ['grad_norm', 'lr'] },
      { prefix: 'eval', keys: ['eval/bpb'] },
      { prefix: 'loss', keys: ['loss/lm'] },
    ],
    system: ['system/a/cpu.util'],
  })
})

test('a loss that is logged in parts is one picture, led by the part logged most often', () => {
  const groups = groupMetrics([
    { key: 'loss/replay', n: 28 },
    { key: 'loss/task', n: 90 },
  ])
  expect(groups.main).toBe('loss/task')
  expect(groups.beside).toEqual(['loss/replay'])
  expect(groups.sections).toEqual([])
})

test('an evaluation loss is not the training loss', () => {
  expect(groupMetrics(keys('eval/loss', 'accuracy')).main).toBeNull()
})
