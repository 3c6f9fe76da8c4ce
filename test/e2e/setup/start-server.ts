/**
 * Starts the built server for the browser tests, one for each worker: an empty instance in a folder of its own, on a free port. Tests
 * find theirs through on-the-box.ts; they mint links and keys with the command line on the box, as people do.
 */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'

const STARTS_WITHIN_MS = 60_000
const ENDS_WITHIN_MS = 25_000

/** A server that runs for the tests of one worker. */
export interface TestServer {
  url: string
  port: number
  dataDir: string
}

/** Where the workers read which servers there are: a list of `TestServer`, by the worker's number. */
export const SERVERS_VARIABLE = 'DESCENT_E2E_SERVERS'

/** The environment of a program beside this server; a database that this shell names is not the tests' to write into. */
export const onTheBox = ({ port, dataDir }: Pick<TestServer, 'port' | 'dataDir'>): NodeJS.ProcessEnv => ({
  ...process.env,
  DATABASE_URL: undefined,
  NODE_ENV: 'production',
  PORT: String(port),
  DATA_DIR: dataDir,
})

export default async function startServers(config: { workers: number }): Promise<() => Promise<void>> {
  const project = path.resolve(import.meta.dirname, '../../..')
  const bundle = path.join(project, 'dist', 'server.mjs')
  if (!existsSync(bundle) || !existsSync(path.join(project, '.next', 'BUILD_ID'))) {
    throw new Error('There is no build: run npm run build first.')
  }
  const started: Started[] = []
  const end = () => Promise.all(started.map((server) => server.end()))
  try {
    for (let worker = 0; worker < config.workers; worker++) started.push(await startServer(project, bundle))
  } catch (error) {
    await end()
    throw error
  }
  process.env[SERVERS_VARIABLE] = JSON.stringify(started.map(({ server }) => server))
  return async () => void (await end())
}

interface Started {
  server: TestServer
  end: () => Promise<void>
}

async function startServer(project: string, bundle: string): Promise<Started> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'descent-e2e-'))
  // Started by root, the engine's user must pass; else the database would lie elsewhere and outlive the tests.
  chmodSync(dataDir, 0o711)
  const port = await freePort()
  const child = spawn(process.execPath, [bundle], {
    cwd: project,
    env: { ...onTheBox({ port, dataDir }), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const end = async () => {
    await ended(child)
    rmSync(dataDir, { recursive: true, force: true })
  }
  const url = await ready(child).catch(async (error) => {
    await end()
    throw error
  })
  return { server: { url, port, dataDir }, end }
}

/** The address that the server says once it is ready. */
function ready(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('The server did not start within a minute.')), STARTS_WITHIN_MS)
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /ready at (\S+)/.exec(said)?.[1]
      if (!url) return
      clearTimeout(late)
      resolve(url)
    })
    child.once('exit', (code) => {
      clearTimeout(late)
      reject(new Error(`The server ended with ${code} before it was ready.\n${said}`))
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const kill = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
    child.once('exit', () => {
      clearTimeout(kill)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('No free port.'))
      })
    })
  })
}
