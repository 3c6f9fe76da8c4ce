/** The database of the started server, read beside it. */
import path from 'node:path'
import type { Sql } from '../../../src/db/clients.ts'
import { borrowDatabase } from '../../../src/db/serve-database.ts'

/** Asks one question of the server's database. */
export async function readDatabase<T>(question: (sql: Sql) => PromiseLike<T>): Promise<T> {
  const dataDir = process.env.DESCENT_E2E_DATA
  if (!dataDir)
    throw new Error('DESCENT_E2E_DATA is not set: the tests are run by Playwright, whose set-up starts a server.')
  const projectDir = path.resolve(import.meta.dirname, '../../..')
  const database = await borrowDatabase({ databaseUrl: process.env.DATABASE_URL ?? null, dataDir, projectDir })
  try {
    return await question(database.sql)
  } finally {
    await database.end()
  }
}
