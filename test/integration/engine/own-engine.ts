import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { type ClientOptions, openClient, type Sql } from '#src/db/clients.ts'
import { type Engine, type EngineOptions, openEngine } from '#src/db/engine/open.ts'
import { isRunning } from '#src/db/engine/process-state.ts'
import { copyFolder } from '#test/setup/copy-folder.ts'

// A test that ends engines has engines of its own. Whatever runs in its folders when it is over, is ended.

/** A folder that goes with the test, and with it every engine below it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-engine-'))
  chmodSync(folder, 0o755)
  onTestFinished(async () => {
    for (const home of [folder, path.join(folder, 'data')]) await endEngine(path.join(home, 'postgres-18', 'data'))
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** The same, with a database as a first start leaves it: a copy is four times faster than another initdb. */
export function startedFolder(): string {
  const folder = temporaryFolder()
  const seed = inject('seed')
  if (seed) copyFolder(`${seed}/.`, folder)
  return folder
}

/** Opens the engine of a folder; ended with the test. */
export async function ownEngine(dataDir: string, more: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await openEngine({ dataDir, projectDir: dataDir, settings: { shared_buffers: '32MB' }, ...more })
  onTestFinished(async () => {
    if (engine.state() === 'running' || engine.state() === 'restarting') await engine.stop()
    await endEngine(engine.place.data)
    rmSync(engine.place.run, { recursive: true, force: true })
  })
  return engine
}

/** A client of an engine; ended with the test. */
export function ownClient(engine: Engine, more: Partial<ClientOptions> = {}): Sql {
  const client = openClient(engine.target, { max: 1, name: 'engine test', statementTimeoutMs: 10_000, ...more })
  onTestFinished(() => client.end({ timeout: 1 }))
  return client
}

export async function until(truth: () => boolean, what: string, limitMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + limitMs; !truth(); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`)
}

/** Gives up the pid in `postmaster.pid` if that is a running process. */
export function postmasterPid(data: string): number | null {
  const file = path.join(data, 'postmaster.pid')
  if (!existsSync(file)) return null
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  return pid > 0 && isRunning(pid) ? pid : null
}

async function endEngine(data: string): Promise<void> {
  const pid = postmasterPid(data)
  if (pid === null || !readFileSync(path.join(data, 'postmaster.pid'), 'utf8').includes(data)) return
  process.kill(pid, 'SIGQUIT')
  await until(() => !isRunning(pid), `the end of engine ${pid}`)
}
