import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { type DatabaseTarget, endClient, openClient } from '#src/db/clients.ts'
import { openEngine } from '#src/db/engine/open.ts'
import { migrate } from '#src/db/migrate.ts'
import { copyFolder } from './copy-folder.ts'
import { inDatabase } from './target.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this run, at its maintenance database. */
    server: DatabaseTarget
    /** A migrated database, copied for each test file. */
    template: string
    /** Begins the name of every database of this run. */
    databasePrefix: string
    /** An embedded engine's data folder as its first start leaves it, stopped; null with TEST_DATABASE_URL. */
    seed: string | null
    /** Is the server the one at TEST_DATABASE_URL? */
    external: boolean
  }
}

/** Starts the server of a run, says which it is, and makes the template. The function that it returns takes all of it away. */
export default async function startDatabase(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.TEST_DATABASE_URL
  const host = url ? await externalServer(url) : await embeddedServer()
  const databasePrefix = `descent_test_${process.pid}_${Date.now().toString(36)}`
  const template = `${databasePrefix}_template`
  const admin = openClient(host.server, { max: 1, name: 'descent tests', statementTimeoutMs: 30_000 })
  const end = async () => {
    const left = await admin<
      { datname: string }[]
    >`select datname from pg_database where starts_with(datname, ${databasePrefix})`
    for (const { datname } of left) await admin`drop database if exists ${admin(datname)} with (force)`
    await endClient(admin)
    await host.stop()
  }
  try {
    const [row] = await admin<{ version: string }[]>`select current_setting('server_version') as version`
    console.log(
      `Integration tests on ${url ? 'the PostgreSQL at TEST_DATABASE_URL' : 'the embedded PostgreSQL'}, version ${row?.version}.`,
    )
    await admin`create database ${admin(template)}`
    await migrate(inDatabase(host.server, template))
  } catch (error) {
    await end()
    throw error
  }
  project.provide('server', host.server)
  project.provide('seed', host.seed)
  project.provide('template', template)
  project.provide('databasePrefix', databasePrefix)
  project.provide('external', url !== undefined && url !== '')
  return end
}

async function externalServer(url: string) {
  return { server: { kind: 'url', url } satisfies DatabaseTarget, seed: null, stop: async () => {} }
}

async function embeddedServer() {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-test-'))
  chmodSync(folder, 0o711)
  const seed = path.join(folder, 'seed')
  const options = { projectDir: folder, settings: { max_connections: '100', shared_buffers: '128MB' } }
  await (await openEngine({ ...options, dataDir: seed })).stop()
  copyFolder(seed, path.join(folder, 'run'))
  const engine = await openEngine({ ...options, dataDir: path.join(folder, 'run') })
  guard(engine.pid(), folder)
  return {
    server: engine.target,
    seed,
    stop: async () => {
      await engine.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Ends the engine when this process has ended without doing so, however it ended: then the pipe to the guard closes. */
function guard(pid: number | null, folder: string): void {
  if (pid === null || !existsSync('/bin/sh')) return
  const script = 'cat > /dev/null; kill -INT "$1" 2>/dev/null && sleep 2; rm -rf "$2"'
  const child = spawn('/bin/sh', ['-c', script, 'guard', String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  // A piped stdin would keep the event loop alive.
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
}
