import { type DatabaseTarget, endClient, openClient, sqlState } from '../clients.ts'

const ALREADY_THERE = new Set(['42P04', '23505'])

/** Makes the engine's database when a first start has not done so yet; two servers at once do no harm. */
export async function ensureDatabase(target: DatabaseTarget & { kind: 'embedded' }): Promise<void> {
  const admin = openClient(
    { ...target, database: 'postgres' },
    { max: 1, name: 'descent setup', statementTimeoutMs: 30_000 },
  )
  try {
    const [found] = await admin`select 1 from pg_database where datname = ${target.database}`
    if (!found) await admin`create database ${admin(target.database)}`
  } catch (error) {
    if (!ALREADY_THERE.has(sqlState(error) ?? '')) throw error
  } finally {
    await endClient(admin)
  }
}
