/** The database of the started server, read beside it. */
import path from 'node:path'
import type { Sql } from '../../../src/db/clients.ts'
import { borrowDatabase } from '../../../src/db/serve-database.ts'
import { serverDataDir } from './on-the-box.ts'

/** Asks one question of the server's database. */
export async function readDatabase<T>(question: (sql: Sql) => PromiseLike<T>): Promise<T> {
  const projectDir = path.resolve(import.meta.dirname, '../../..')
  const database = await borrowDatabase({ databaseUrl: null, dataDir: serverDataDir(), projectDir })
  try {
    return await question(database.sql)
  } finally {
    await database.end()
  }
}
