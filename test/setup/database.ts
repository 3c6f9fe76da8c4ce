import { inject } from 'vitest'
import { type DatabaseClients, type DatabaseTarget, endClient, openClient, openClients } from '#src/db/clients.ts'
import { inDatabase } from './target.ts'

export type TestDatabase = DatabaseClients & {
  target: DatabaseTarget
  name: string
  /** Closes the clients and drops the database; for `afterAll`. What was left over is dropped when the run ends. */
  drop: () => Promise<void>
}

let made = 0

/**
 * A database of its own, as this build's migrations leave it: a copy of the run's template (0.15 s).
 *
 * @param options.empty without the schema
 * @param options.max connections of each client, 4 by default
 */
export async function testDatabase(options: { empty?: boolean; max?: number } = {}): Promise<TestDatabase> {
  const name = `${inject('databasePrefix')}_${process.pid}_${++made}`
  const template = options.empty ? 'template0' : inject('template')
  await asAdmin((admin) => admin`create database ${admin(name)} template ${admin(template)}`)
  const target = inDatabase(inject('server'), name)
  const clients = openClients(target, { max: options.max ?? 4, name: 'descent test' })
  return {
    ...clients,
    target,
    name,
    drop: async () => {
      await clients.end()
      await asAdmin((admin) => admin`drop database if exists ${admin(name)} with (force)`)
    },
  }
}

async function asAdmin(work: (admin: ReturnType<typeof openClient>) => Promise<unknown>): Promise<void> {
  const admin = openClient(inject('server'), { max: 1, name: 'descent tests', statementTimeoutMs: 30_000 })
  try {
    await work(admin)
  } finally {
    await endClient(admin)
  }
}
