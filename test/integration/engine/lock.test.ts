import { describe, expect, it, onTestFinished } from 'vitest'
import { endClient, openClient, type Sql } from '#src/db/clients.ts'
import { DatabaseHeldError, type ServerLock, type ServerLockOptions, takeServerLock } from '#src/db/lock.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { until } from './own-engine.ts'

describe("the server's lock", () => {
  it('is refused while another session has it, naming who holds it', async () => {
    const database = await ownDatabase()
    const first = await take(database)
    expect(first.isHeld()).toBe(true)
    const error = await takeServerLock(database.target, { waitMs: 300 }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DatabaseHeldError)
    expect(error).toMatchObject({
      holder: { pid: process.pid },
      message: expect.stringContaining(`process ${process.pid} on `),
    })
  })

  it('is free as soon as its holder lets go', async () => {
    const database = await ownDatabase()
    await (await take(database)).release()
    expect((await take(database, { waitMs: 2_000 })).isHeld()).toBe(true)
  })

  it('works before the first migration, and is signed after it', async () => {
    const database = await ownDatabase({ empty: true })
    const lock = await take(database)
    const refused = await takeServerLock(database.target, { waitMs: 0 }).catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({ holder: null, message: expect.stringContaining('has not written its name yet') })
    await database.sql`create table server_holder (id integer primary key default 1, pid integer not null, host text not null, started_at timestamptz not null)`
    await lock.sign()
    expect(await database.sql`select pid from server_holder`).toEqual([{ pid: process.pid }])
  })

  it('is taken again when its connection is lost; meanwhile its server knows', async () => {
    const database = await ownDatabase()
    const told: string[] = []
    const lock = await take(database, { onLost: () => told.push('lost'), onRegained: () => told.push('regained') })
    await endLockSession(database)
    await until(() => told.includes('regained'), 'the lock is held again')
    expect(told).toEqual(['lost', 'regained'])
    expect(lock.isHeld()).toBe(true)
    const refused = await takeServerLock(database.target, { waitMs: 0 }).catch((thrown: unknown) => thrown)
    expect(refused).toBeInstanceOf(DatabaseHeldError)
  })

  it('ends its server when another one took it in the meantime', async () => {
    const database = await ownDatabase()
    let takenAway: DatabaseHeldError | null = null
    const lock = await take(database, {
      onTakenAway: (error) => {
        takenAway = error
      },
    })
    const rival = openClient(database.target, { max: 1, name: 'rival', statementTimeoutMs: 10_000 })
    onTestFinished(() => endClient(rival))
    const rivalHas = queueFor(rival)
    await until2(async () => (await waiting(database)) === 1, 'the rival waits')
    await endLockSession(database)
    await rivalHas
    await rival`update server_holder set pid = 4711, host = 'elsewhere'`
    await until(() => takenAway !== null, 'the server is told')
    expect(lock.isHeld()).toBe(false)
    expect(String(takenAway)).toContain('process 4711 on elsewhere')
  })
})

async function ownDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const database = await testDatabase({ ...options, max: 2 })
  onTestFinished(() => database.drop())
  return database
}

async function take(database: TestDatabase, options: ServerLockOptions = {}): Promise<ServerLock> {
  const lock = await takeServerLock(database.target, { waitMs: 5_000, ...options })
  onTestFinished(() => lock.release())
  return lock
}

async function endLockSession({ sql }: TestDatabase): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'descent lock'`
}

/** Stands in line for the lock inside PostgreSQL, so that it is next for certain. */
async function queueFor(rival: Sql): Promise<void> {
  await rival`select pg_advisory_lock(7070000)`
}

async function waiting({ sql }: TestDatabase): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and application_name = 'rival' and wait_event = 'advisory'`
  return row?.n ?? 0
}

async function until2(truth: () => Promise<boolean>, what: string): Promise<void> {
  let yes = false
  const ask = async () => {
    while (!yes) yes = await truth()
  }
  await Promise.race([ask(), until(() => yes, what)])
}
