import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countRunKeys } from '#src/db/queries/metrics/count-run-keys.ts'
import { projectScope } from '#src/db/scope.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, makeWorld, openStore, type World } from './world.ts'

let database: TestDatabase
let world: World
let store: OpenStore

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
  store = await openStore(database.sql)
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

test('keys of runs come by the alphabet with how many runs logged each, and other runs have no part in them', async () => {
  const [first, second, other] = [await world.makeRun(), await world.makeRun(), await world.makeRun()]
  const log = (run: { id: number }, m: Record<string, number[]>) =>
    store.append(batchOf(world, run.id, randomUUID(), 1, { groups: [{ step: [0, 1], m }] }))
  await log(first, { loss: [3, 2], 'eval/acc': [0, 1] })
  await log(second, { loss: [3, 2] })
  await log(other, { elsewhere: [3, 2] })
  // Summaries are written behind the points.
  await store.close()
  store = await openStore(database.sql)
  const scope = projectScope(world.workspaceId, world.projectId)
  const rows = await countRunKeys(database.db, scope, [first.number, second.number])
  expect(rows.map(({ key, runs }) => [key, runs])).toEqual([
    ['eval/acc', 1],
    ['loss', 2],
  ])
  expect(await countRunKeys(database.db, projectScope(world.workspaceId + 1, world.projectId), [first.number])).toEqual(
    [],
  )
  expect(await countRunKeys(database.db, scope, [])).toEqual([])
})
