import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkServer } from '#src/db/check-server.ts'
import { openClients } from '#src/db/clients.ts'
import { migrate, schemaVersion } from '#src/db/migrate.ts'
import { migrationsFolder, readMigrations } from '#src/db/migrations-folder.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'

const FIRST = 'create table first (x integer);\n--> statement-breakpoint\ninsert into first values (1);'
const SECOND = 'create table second (x integer);'

describe('migrations', () => {
  it('bring an empty database to the schema of this build', async () => {
    const database = await ownDatabase()
    expect(await schemaVersion(database.sql)).toMatchObject({ applied: 0, current: false })
    const applied = await migrate(database.target)
    expect(applied).toEqual(readMigrations(migrationsFolder()).map((migration) => migration.tag))
    expect(await schemaVersion(database.sql)).toEqual({
      applied: applied.length,
      expected: applied.length,
      current: true,
    })
    expect(await migrate(database.target)).toEqual([])
  })

  it('are applied once each by three servers that start at once', async () => {
    const database = await ownDatabase()
    const folder = folderOf({ first: FIRST, second: `select pg_sleep(0.2);\n--> statement-breakpoint\n${SECOND}` })
    const applied = await Promise.all([1, 2, 3].map(() => migrate(database.target, { folder })))
    expect(applied.flat().sort()).toEqual(['0000_first', '0001_second'])
    expect(await database.sql`select count(*)::int as n from first`).toEqual([{ n: 1 }])
  })

  it('that fail change nothing, are named, and leave the version before them working and the lock free', async () => {
    const database = await ownDatabase()
    const working = folderOf({ first: FIRST })
    const broken = folderOf({
      first: FIRST,
      second: SECOND,
      third: `drop table first;\n--> statement-breakpoint\nselect 1/0`,
    })
    await migrate(database.target, { folder: working })
    await expect(migrate(database.target, { folder: broken })).rejects.toThrow(
      /0002_third failed and nothing was changed: division by zero/,
    )
    expect(await database.sql`select x from first`).toEqual([{ x: 1 }])
    expect(await database.sql`select to_regclass('second') as second`).toEqual([{ second: null }])
    expect(await migrate(database.target, { folder: working, waitMs: 500 })).toEqual([])
    expect(await schemaVersion(database.sql, working)).toMatchObject({ current: true })
  })

  it('that are killed in the middle leave nothing behind', async () => {
    const database = await ownDatabase()
    const slow = folderOf({ first: FIRST, second: `${SECOND}\n--> statement-breakpoint\nselect pg_sleep(30)` })
    const running = migrate(database.target, { folder: slow }).catch((error: unknown) => error)
    while ((await endMigrationThatSleeps(database)) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await running).toBeInstanceOf(Error)
    expect(await schemaVersion(database.sql, slow)).toMatchObject({ applied: 0 })
    expect(await migrate(database.target, { folder: folderOf({ first: FIRST }) })).toEqual(['0000_first'])
  })

  it('refuse a database from a newer version', async () => {
    const database = await ownDatabase()
    await migrate(database.target, { folder: folderOf({ first: FIRST, second: SECOND }) })
    const earlier = folderOf({ first: FIRST })
    await expect(migrate(database.target, { folder: earlier })).rejects.toThrow(
      /from a newer version.*had 2 migrations, this build knows 1/,
    )
    expect(await schemaVersion(database.sql, earlier)).toEqual({ applied: 2, expected: 1, current: false })
  })

  it('refuse a file that was changed after it had been applied', async () => {
    const database = await ownDatabase()
    await migrate(database.target, { folder: folderOf({ first: FIRST }) })
    const changed = folderOf({ first: `${FIRST} -- changed`, second: SECOND })
    await expect(migrate(database.target, { folder: changed })).rejects.toThrow(/Migration 0000_first was changed/)
    expect(await database.sql`select to_regclass('second') as second`).toEqual([{ second: null }])
  })

  it('wait for another server only so long', async () => {
    const database = await ownDatabase()
    const slow = folderOf({ first: 'select pg_sleep(5)' })
    const other = migrate(database.target, { folder: slow })
    const sleeping = async () =>
      (
        await database.sql`
          select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`
      ).length
    await expect.poll(sleeping).toBe(1)
    await expect(migrate(database.target, { folder: slow, waitMs: 200 })).rejects.toThrow(
      /Another server has been migrating/,
    )
    expect(await other).toEqual(['0000_first'])
  })

  it('do not wait long for a table that is in use', async () => {
    const database = await ownDatabase()
    await migrate(database.target, { folder: folderOf({ first: FIRST }) })
    const folder = folderOf({ first: FIRST, second: 'alter table first add y integer' })
    await database.sql.begin(async (tx) => {
      await tx`lock table first in share mode`
      await expect(migrate(database.target, { folder, lockTimeoutMs: 100 })).rejects.toThrow(
        /0001_second failed.*lock timeout/,
      )
    })
    expect(await migrate(database.target, { folder })).toEqual(['0001_second'])
  })
})

describe('a process', () => {
  it('holds two clients of one database, and both end', async () => {
    const database = await ownDatabase()
    const clients = openClients(database.target, { name: 'one process', max: 3 })
    await Promise.all(Array.from({ length: 9 }, () => clients.sql`select pg_sleep(0.05)`))
    await Promise.all(Array.from({ length: 9 }, () => clients.db.execute('select pg_sleep(0.05)')))
    const count = () => database.sql`
      select application_name as name, count(*) as n from pg_stat_activity
      where starts_with(application_name, 'one process') group by 1 order by 1`
    expect(await count()).toEqual([
      { name: 'one process drizzle', n: 3 },
      { name: 'one process sql', n: 3 },
    ])
    await clients.end()
    await expect.poll(count).toEqual([])
  })

  it('knows its server, and which settings make it less safe', async () => {
    const database = await ownDatabase()
    expect(await checkServer(database.sql)).toMatchObject({ unsafeSettings: [] })
    const unsafe = await database.sql.begin(async (tx) => {
      await tx`set local synchronous_commit = off`
      return checkServer(tx)
    })
    expect(unsafe.unsafeSettings).toEqual(['synchronous_commit'])
  })

  it('with Citus must be PostgreSQL 16 or later', async () => {
    const database = await ownDatabase()
    const { major } = await checkServer(database.sql)
    const checked = database.sql.begin(async (tx) => {
      // As the extension would stand there; the extension itself is not needed for the question.
      await tx`
        insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        select 99999, 'citus', extowner, extnamespace, false, '14.0-1' from pg_extension where extname = 'plpgsql'`
      const answer = await checkServer(tx).then(
        ({ version }) => version,
        (error: Error) => error.message,
      )
      throw new Error(answer)
    })
    await expect(checked).rejects.toThrow(major < 16 ? /with Citus 16 or later is needed/ : /^\d+/)
  })
})

async function ownDatabase(): Promise<TestDatabase> {
  const database = await testDatabase({ empty: true, max: 2 })
  onTestFinished(() => database.drop())
  return database
}

/** A folder as drizzle-kit writes it; the same names always have the same times. */
function folderOf(migrations: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-migrations-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const entries = Object.entries(migrations).map(([name, text], idx) => {
    const tag = `${String(idx).padStart(4, '0')}_${name}`
    writeFileSync(path.join(folder, `${tag}.sql`), text)
    return { idx, version: '7', when: 1_700_000_000_000 + idx, tag, breakpoints: true }
  })
  mkdirSync(path.join(folder, 'meta'))
  writeFileSync(
    path.join(folder, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  )
  return folder
}

async function endMigrationThatSleeps({ sql }: TestDatabase): Promise<number> {
  const ended = await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'descent migrations' and wait_event = 'PgSleep'`
  return ended.length
}
