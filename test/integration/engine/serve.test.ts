import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { isRunning } from '#src/db/engine/process-state.ts'
import { borrowDatabase, type ServedDatabase, type ServeOptions, serveDatabase } from '#src/db/serve-database.ts'
import { testDatabase } from '#test/setup/database.ts'
import { postmasterPid, startedFolder, temporaryFolder, until } from './own-engine.ts'

async function serve(dataDir: string, more: Partial<ServeOptions> = {}): Promise<ServedDatabase> {
  const database = await serveDatabase({ dataDir, projectDir: dataDir, ...more })
  onTestFinished(() => database.stop())
  return database
}

describe.skipIf(inject('external'))("a server's embedded database", () => {
  it('is migrated, available and held by this process, and away after the stop', async () => {
    const database = await serve(startedFolder())
    const pid = database.engine?.pid() ?? 0
    expect(database.facts).toMatchObject({ major: 18, unsafeSettings: [] })
    expect(database.applied.length).toBeGreaterThan(0)
    expect(database.isAvailable()).toBe(true)
    expect(await database.sql`select pid from server_holder`).toEqual([{ pid: process.pid }])
    const sessions = await database.sql<{ name: string }[]>`
      select distinct application_name as name from pg_stat_activity where starts_with(application_name, 'descent') order by 1`
    expect(sessions.map(({ name }) => name)).toEqual(['descent lock', 'descent sql'])
    await database.stop()
    expect(isRunning(pid)).toBe(false)
  })

  it('is not available while the engine is away, and is again by itself, lock included', async () => {
    const database = await serve(startedFolder())
    process.kill(database.engine?.pid() ?? 0, 'SIGKILL')
    await until(() => !database.isAvailable(), 'the death is noticed')
    await until(() => database.isAvailable(), 'it is back')
    expect(await database.sql`select 1 as x`).toEqual([{ x: 1 }])
  })

  it('can be borrowed by a command while the server runs, which stays as it is', async () => {
    const folder = startedFolder()
    const database = await serve(folder)
    const command = await borrowDatabase({ dataDir: folder, projectDir: folder })
    expect(await command.sql`select pid from server_holder`).toEqual([{ pid: process.pid }])
    await command.end()
    expect(database.isAvailable()).toBe(true)
    expect(isRunning(database.engine?.pid() ?? 0)).toBe(true)
  })

  it('can be borrowed by a command when no server runs, and is stopped afterwards', async () => {
    const folder = startedFolder()
    const command = await borrowDatabase({ dataDir: folder, projectDir: folder })
    expect(await command.sql`select 1 as x`).toEqual([{ x: 1 }])
    await command.end()
    expect(postmasterPid(`${folder}/postgres-18/data`)).toBeNull()
  })
})

describe("a server's database at a URL", () => {
  it.skipIf(!inject('external'))('takes several servers, and refuses one whose schema it must not change', async () => {
    const database = await testDatabase({ empty: true })
    onTestFinished(() => database.drop())
    const databaseUrl = database.target.kind === 'url' ? database.target.url : ''
    const folder = temporaryFolder()
    await expect(serve(folder, { databaseUrl, migrations: 'manual' })).rejects.toThrow(
      /had 0 migrations.*npx descent migrate/,
    )
    const servers = await Promise.all([serve(folder, { databaseUrl }), serve(folder, { databaseUrl })])
    expect(servers.map((server) => server.isAvailable())).toEqual([true, true])
    expect(servers.filter((server) => server.applied.length > 0)).toHaveLength(1)
  })
})
