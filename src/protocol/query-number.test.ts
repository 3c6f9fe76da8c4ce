import { describe, expect, test } from 'vitest'
import { BestCheckpointQuery } from './best-checkpoint.ts'
import { TargetQuery } from './target-reached.ts'

describe('a number in a query', () => {
  test('may come as text, as addresses have it', () => {
    expect(BestCheckpointQuery.parse({ floor: '0.9' }).floor).toBe(0.9)
    expect(BestCheckpointQuery.parse({ floor: 0 }).floor).toBe(0)
    expect(TargetQuery.parse({ benchmark: 'task', target: '-1.5' }).target).toBe(-1.5)
  })
  test('that was left empty is refused, and never 0', () => {
    expect(BestCheckpointQuery.safeParse({ floor: '' }).error?.issues[0]).toMatchObject({ path: ['floor'] })
    expect(TargetQuery.safeParse({ benchmark: 'task', target: ' ' }).error?.issues[0]).toMatchObject({
      path: ['target'],
    })
  })
  test('outside of its range, or no number, is refused', () => {
    for (const floor of ['1.1', '-0.1', 'most']) expect(BestCheckpointQuery.safeParse({ floor }).success).toBe(false)
  })
})
