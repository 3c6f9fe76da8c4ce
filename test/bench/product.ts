import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type DatabaseClients, type DatabaseTarget, endClient, openClient, openClients } from '#src/db/clients.ts'
import { placeEngine, socketFile } from '#src/db/engine/place.ts'
import { ENGINE_USER } from '#src/db/engine/start.ts'
import { inDatabase } from '#test/setup/target.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const POSTGRES_MAJOR = 18

/** The product as `npm start` runs it, without pages, on a database of its own. */
export interface Product {
  kind: 'embedded' | 'DATABASE_URL'
  port: number
  target: DatabaseTarget
  clients: DatabaseClients
  /** Signs in the first owner, once. */
  signInLink: string
  /** CPU of the server's process so far, microseconds; the engine is not in it. */
  cpu(): Promise<number>
  /** Resident memory of the server's process, bytes. */
  memory(): number
  stop(): Promise<void>
}

/**
 * Builds and starts the server: with the embedded engine, or on a new database at `databaseUrl`.
 *
 * @throws Error with what the process said when it does not become ready
 */
export async function startProduct(databaseUrl: string | undefined, pages = false): Promise<Product> {
  build(pages)
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'descent-bench-'))
  chmodSync(dataDir, 0o711)
  const external = databaseUrl === undefined ? null : await newDatabase({ kind: 'url', url: databaseUrl })
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [
      ...(await serverMemory()),
      ...nodeArguments(),
      path.join(PROJECT, 'dist/server.mjs'),
      ...(pages ? [] : ['--no-pages']),
    ],
    {
      cwd: PROJECT,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: String(port),
        DATA_DIR: dataDir,
        LOG_LEVEL: 'warn',
        ALLOWED_HOSTS: 'bench',
        AUTH_SECRET: 'a secret of the benchmark, in no other use',
        ...(external ? { DATABASE_URL: external.url } : { DATABASE_URL: '' }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  await untilReady(port, child, () => output)
  const signInLink = await signInLinkOf(() => output)
  const target = external?.target ?? embeddedTarget(dataDir)
  const clients = openClients(target, { max: 2, name: 'descent bench', statementTimeoutMs: 120_000 })
  return {
    kind: external ? 'DATABASE_URL' : 'embedded',
    port,
    target,
    clients,
    signInLink,
    cpu: async () => cpuOf(child.pid ?? 0),
    memory: () => memoryOf(child.pid ?? 0),
    stop: async () => {
      await clients.end()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      await external?.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** For profiles: BENCH_NODE_ARGS=--cpu-prof writes one of the server and one of the thread that seals. */
const nodeArguments = (): string[] => (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter((part) => part !== '')

/** As `npm start` tells node. */
async function serverMemory(): Promise<readonly string[]> {
  const file = new URL('../../scripts/server-memory.mjs', import.meta.url).href
  return ((await import(file)) as { SERVER_MEMORY: readonly string[] }).SERVER_MEMORY
}

/** As the build does it, in its own words: the pages too where they are wanted and not built yet. */
function build(pages: boolean): void {
  const file = path.join(PROJECT, 'scripts/ensure-build.mjs')
  const call = pages ? 'ensureBuild(console.error)' : 'bundle()'
  execFileSync(process.execPath, ['-e', `import(${JSON.stringify(file)}).then((file) => file.${call})`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function embeddedTarget(dataDir: string): DatabaseTarget {
  const { run } = placeEngine({ dataDir, projectDir: PROJECT, major: POSTGRES_MAJOR })
  return { kind: 'embedded', socket: socketFile(run), user: ENGINE_USER, database: 'descent' }
}

async function newDatabase(server: DatabaseTarget & { kind: 'url' }) {
  const name = `descent_bench_${process.pid}_${Date.now() % 1e6}`
  const asAdmin = async (statement: (admin: ReturnType<typeof openClient>) => Promise<unknown>) => {
    const admin = openClient(server, { max: 1, name: 'descent bench admin', statementTimeoutMs: 60_000 })
    await statement(admin).finally(() => endClient(admin))
  }
  await asAdmin((admin) => admin`create database ${admin(name)}`)
  const target = inDatabase(server, name)
  return {
    target,
    url: target.kind === 'url' ? target.url : '',
    drop: () => asAdmin((admin) => admin`drop database ${admin(name)} with (force)`),
  }
}

async function untilReady(port: number, child: ChildProcess, output: () => string): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until && child.exitCode === null; await pause(50))
    if ((await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok) return
  throw new Error(`The product did not become ready.\n${output()}`)
}

/** Said once the server is ready. */
async function signInLinkOf(output: () => string): Promise<string> {
  for (const until = Date.now() + 5_000; Date.now() < until; await pause(20)) {
    const link = /Sign in once, within 24 hours: (\S+)\n/.exec(output())?.[1]
    if (link) return link
  }
  throw new Error(`The product printed no link to sign in with.\n${output()}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** From the kernel's count in ticks of 10 ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
}
