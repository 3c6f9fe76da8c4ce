import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { isUnavailable } from '#src/db/clients.ts'
import type { EngineState } from '#src/db/engine/open.ts'
import { isRunning } from '#src/db/engine/process-state.ts'
import { ownClient, ownEngine, startedFolder, temporaryFolder, until } from './own-engine.ts'

describe.skipIf(inject('external'))('the embedded engine', () => {
  it('starts on an empty folder: durable, with checksums, behind a private socket and without a port', async () => {
    const folder = temporaryFolder()
    const engine = await ownEngine(folder)
    const sql = ownClient(engine)
    const [row] = await sql`
      select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
        current_setting('synchronous_commit') as synchronous_commit, current_setting('data_checksums') as data_checksums,
        current_setting('listen_addresses') as listen_addresses, current_setting('wal_compression') as wal_compression,
        current_setting('max_connections') as max_connections, current_setting('server_version_num')::int / 10000 as major`
    expect(row).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      data_checksums: 'on',
      listen_addresses: '',
      wal_compression: 'pglz',
      max_connections: '40',
      major: 18,
    })
    expect(readdirSync(folder)).toEqual(['postgres-18'])
    expect(statSync(engine.place.run).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(engine.place.run, '.s.PGSQL.5432')).mode & 0o777).toBe(0o700)
    expect(readFileSync(engine.place.log, 'utf8')).toContain('ready to accept connections')
    expect(engine.notices).toEqual([])
  })

  it('is stopped by its server, and keeps what it held for the next start', async () => {
    const folder = startedFolder()
    const first = await ownEngine(folder)
    const pid = first.pid()
    await ownClient(first)`create table kept as select 7 as x`
    await first.stop()
    expect(first.state()).toBe('stopped')
    expect(isRunning(pid ?? 0)).toBe(false)
    expect(existsSync(path.join(first.place.data, 'postmaster.pid'))).toBe(false)

    const second = await ownEngine(folder)
    expect(second.adopted).toBe(false)
    expect(await ownClient(second)`select x from kept`).toEqual([{ x: 7 }])
  })

  it('ends sessions that are busy when it is stopped, within seconds', async () => {
    const engine = await ownEngine(startedFolder())
    const busy = ownClient(engine)`select pg_sleep(30)`.catch((error: unknown) => error)
    const sql = ownClient(engine, { name: 'second' })
    await sql`select 1`
    const before = Date.now()
    await engine.stop()
    expect(Date.now() - before).toBeLessThan(10_000)
    expect(isUnavailable(await busy)).toBe(true)
  })

  it('loses no acknowledged row in five sudden deaths under eight writers, and comes back by itself', {
    timeout: 60_000,
  }, async () => {
    const states: EngineState[] = []
    const engine = await ownEngine(startedFolder(), { onState: (state) => states.push(state) })
    const sql = ownClient(engine, { max: 8 })
    await sql`create table ledger (id bigint primary key)`
    const acknowledged: number[] = []
    let next = 0
    for (let round = 1; round <= 5; round++) {
      let going = true
      const write = async () => {
        while (going) {
          const id = ++next
          try {
            await sql`insert into ledger values (${id})`
            acknowledged.push(id)
          } catch (error) {
            if (!isUnavailable(error)) throw error
            return
          }
        }
      }
      const writers = Array.from({ length: 8 }, write)
      await until(() => acknowledged.length > 100 * round, 'the writes')
      const victim = engine.pid() ?? 0
      process.kill(victim, 'SIGKILL')
      const died = Date.now()
      await until(() => states.length >= 2 * round - 1, 'the death is noticed')
      going = false
      await Promise.all(writers)
      await until(() => engine.state() === 'running', 'the engine is back')
      expect(Date.now() - died).toBeLessThan(10_000)
      expect(engine.pid()).not.toBe(victim)
      const stored = new Set((await sql<{ id: number }[]>`select id from ledger`).map((row) => row.id))
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThan(500)
    expect(states).toEqual(Array.from({ length: 5 }, () => ['restarting', 'running']).flat())
  })

  it('tells its server to give up after five starts in vain, with what PostgreSQL said', {
    timeout: 40_000,
  }, async () => {
    let last: unknown
    const engine = await ownEngine(startedFolder(), {
      onState: (_state, error) => {
        last = error
      },
    })
    renameSync(path.join(engine.place.data, 'global', 'pg_control'), path.join(engine.place.data, 'pg_control.away'))
    process.kill(engine.pid() ?? 0, 'SIGKILL')
    await until(() => engine.state() === 'failed', 'it gives up', 30_000)
    expect(String(last)).toMatch(/PostgreSQL did not start: .*(pg_control|database system)/)
    expect(engine.pid()).toBeNull()
  })
})
