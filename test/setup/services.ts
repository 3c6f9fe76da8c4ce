import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openStores } from '#src/server/stores.ts'
import type { Actor } from '#src/services/actor.ts'
import type { Context, Log, Services } from '#src/services/context.ts'
import { type TestDatabase, testDatabase } from './database.ts'

export interface TestServices {
  database: TestDatabase
  services: Services
  /** What was logged, oldest first. */
  lines: { level: 'info' | 'warn' | 'error'; fields: object; sentence: string }[]
  /** The context of one call. */
  as(actor: Actor): Context
  /** Moves the services' clock; the database keeps its own. */
  setNow(now: Date | null): void
  close(): Promise<void>
}

/** Services as the process makes them, on a database and a folder of their own. For `beforeAll`; `close` in `afterAll`. */
export async function testServices(): Promise<TestServices> {
  const database = await testDatabase()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'descent-services-'))
  const lines: TestServices['lines'] = []
  const note = (level: 'info' | 'warn' | 'error') => (fields: object, sentence: string) => {
    lines.push({ level, fields, sentence })
  }
  const log: Log = { info: note('info'), warn: note('warn'), error: note('error') }
  const stores = await openStores({
    sql: database.sql,
    log,
    sealer: 'inline',
    artifactsDir: path.join(dataDir, 'artifacts'),
  })
  let moved: Date | null = null
  const services: Services = {
    db: database.db,
    sql: database.sql,
    metrics: stores.metrics,
    live: stores.live,
    blobs: stores.blobs,
    settings: { publicUrl: 'http://localhost:7070', dataDir },
    log,
    now: () => moved ?? new Date(),
  }
  let calls = 0
  return {
    database,
    services,
    lines,
    as: (actor) => ({ actor, requestId: `test-request-${++calls}`, services, db: services.db }),
    setNow: (now) => {
      moved = now
    },
    close: async () => {
      await stores.close()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
