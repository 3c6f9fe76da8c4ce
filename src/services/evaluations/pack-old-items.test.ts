import type { SQL } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Context } from '#src/services/context.ts'
import { packOldItems } from './pack-old-items.ts'

/** Ids of evaluations that were never packed. */
const UNPACKED = [3, 5, 8]

test('what cannot be packed holds up nothing behind it', async () => {
  const packed: number[] = []
  let turn = 0
  const db = {
    execute: async (query: SQL) => {
      const after = query.queryChunks.find((chunk) => typeof chunk === 'number') ?? 0
      return UNPACKED.filter((id) => id > Number(after)).map((id) => ({ id, workspace_id: 1, project_id: 1 }))
    },
    transaction: async () => {
      const id = UNPACKED[turn++] ?? 0
      if (id === 3) throw new Error('items that nobody can read')
      packed.push(id)
    },
  }
  const ctx = { actor: { kind: 'clock' }, db, services: { db } } as unknown as Context
  const pack = packOldItems()
  await expect(pack(ctx)).rejects.toThrow('items that nobody can read')
  expect(await pack(ctx)).toBe(2)
  expect(packed).toEqual([5, 8])
  expect(await pack(ctx)).toBe(0)
})
