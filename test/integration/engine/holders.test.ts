import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { isRunning } from '#src/db/engine/process-state.ts'
import { ownClient, ownEngine, postmasterPid, startedFolder, temporaryFolder, until } from './own-engine.ts'
import { startServer } from './start-server.ts'

const data = (folder: string) => path.join(folder, 'postgres-18', 'data')

/** Leaves the file that an engine with this pid would have left. */
function leavePostmasterFile(folder: string, text: string, pid: number): void {
  writeFileSync(path.join(data(folder), 'postmaster.pid'), text.replace(/^\d+/, String(pid)))
}

describe.skipIf(inject('external'))('a data folder has one engine', () => {
  it('a second opener uses the engine that runs, and leaves it running', async () => {
    const folder = startedFolder()
    const first = await ownEngine(folder)
    const second = await ownEngine(folder)
    expect(second.adopted).toBe(true)
    expect(second.pid()).toBe(first.pid())
    second.leave()
    expect(await ownClient(first)`select 1 as x`).toEqual([{ x: 1 }])
  })

  it('the engine of a killed server is adopted, with its data, and stopped by its new server', async () => {
    const folder = startedFolder()
    const server = startServer(folder, 10_000)
    const { engine: enginePid = 0, applied } = await server.word
    expect(applied).toBeGreaterThan(0)
    await server.kill()
    expect(isRunning(enginePid)).toBe(true)

    const next = await ownEngine(folder)
    expect(next).toMatchObject({ adopted: true })
    expect(next.pid()).toBe(enginePid)
    expect(await ownClient(next)`select count(*)::int as n from server_holder`).toEqual([{ n: 1 }])
    await next.stop()
    expect(isRunning(enginePid)).toBe(false)
  })

  it('an adopted engine that dies is started again', async () => {
    const folder = startedFolder()
    const first = await ownEngine(folder)
    first.leave()
    const second = await ownEngine(folder)
    const pid = second.pid() ?? 0
    process.kill(pid, 'SIGKILL')
    await until(() => second.state() === 'running' && second.pid() !== pid && second.pid() !== null, 'a new engine')
    expect(await ownClient(second)`select 1 as x`).toEqual([{ x: 1 }])
  })

  it('a file that names a dead process, a zombie or a stranger does not keep the engine from starting', async () => {
    const folder = startedFolder()
    const first = await ownEngine(folder)
    const text = readFileSync(path.join(data(folder), 'postmaster.pid'), 'utf8')
    await first.stop()

    // The outer shell never collects its child.
    const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const zombie = await new Promise<number>((resolve) => parent.stdout.once('data', (said) => resolve(Number(said))))
    await until(() => !isRunning(zombie), 'the zombie')
    process.kill(zombie, 0) // it is still in the table of processes

    const asEngine = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore', ...asEngine })
    onTestFinished(() => void stranger.kill('SIGKILL'))

    const said: string[] = []
    for (const pid of [2 ** 22 - 5, zombie, stranger.pid ?? 0]) {
      leavePostmasterFile(folder, text, pid)
      const engine = await ownEngine(folder, { log: (sentence) => said.push(sentence) })
      expect(engine.adopted).toBe(false)
      expect(engine.pid()).toBe(postmasterPid(data(folder)))
      await engine.stop()
    }
    expect(said).toEqual([
      `postmaster.pid names process ${stranger.pid}, which is not this folder's PostgreSQL: removed.`,
    ])
    expect(isRunning(stranger.pid ?? 0)).toBe(true)
  })
})

describe.skipIf(inject('external'))('a data folder has one server', () => {
  it('a second server is refused with the name of the living one, whose data and engine stay as they are', async () => {
    const folder = startedFolder()
    const first = startServer(folder, 10_000)
    const { serving, engine } = await first.word
    const second = startServer(folder, 500)
    const { refused } = await second.word
    expect(refused).toMatch(new RegExp(`in use by another server: process ${serving} on .+, started \\d{4}-`))
    expect(isRunning(engine ?? 0)).toBe(true)
    await first.stop()
    expect(isRunning(engine ?? 0)).toBe(false)
  })

  it('a server whose holder is killed takes over within its wait', async () => {
    const folder = startedFolder()
    const first = startServer(folder, 10_000)
    const { engine } = await first.word
    const second = startServer(folder, 10_000)
    await first.kill()
    expect(await second.word).toMatchObject({ engine, adopted: true, applied: 0 })
    await second.stop()
  })

  it('of two that start at once on an empty folder exactly one serves', async () => {
    const folder = temporaryFolder()
    const words = await Promise.all([startServer(folder, 1_000).word, startServer(folder, 1_000).word])
    expect(words.filter((word) => word.serving)).toHaveLength(1)
    expect(words.find((word) => word.refused)?.refused).toContain('in use by another server')
  })
})
