import { expect, test } from 'vitest'
import type { Context } from '#src/services/context.ts'
import { waitForWork } from './claim-waiters.ts'
import { releaseAllWaitingJobs } from './release-all-waiting.ts'

test('a workspace whose jobs cannot be released keeps those of no other waiting, and is told at the end', async () => {
  let turns = 0
  const db = {
    execute: async () => [{ workspace_id: 1 }, { workspace_id: 2 }, { workspace_id: 3 }],
    transaction: async () => {
      turns++
      if (turns === 1) throw new Error('a stage that cannot be judged')
      return { released: 1, shut: [] }
    },
  }
  const ctx = { db, services: { db } } as unknown as Context
  const woken = waitForWork(ctx.services, 60_000, new AbortController().signal)
  await expect(releaseAllWaitingJobs(ctx)).rejects.toThrow('a stage that cannot be judged')
  expect(turns).toBe(3)
  await woken
})
