/**
 * Starts the built server once for all browser tests: an empty instance in a folder of its own, on a free port. Tests find
 * it by DESCENT_E2E_URL and DESCENT_E2E_DATA; they mint links and keys with the command line on the box, as people do.
 */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

const STARTS_WITHIN_MS = 60_000
const ENDS_WITHIN_MS = 25_000

export default async function startServer(): Promise<() => Promise<void>> {
  const project = path.resolve(import.meta.dirname, '../../..')
  const bundle = path.join(project, 'dist', 'server.mjs')
  if (!existsSync(bundle) || !existsSync(path.join(project, '.next', 'BUILD_ID'))) {
    throw new Error('There is no build: run npm run build first.')
  }
  const data = mkdtempSync(path.join(tmpdir(), 'descent-e2e-'))
  // Started by root, the engine's user must pass; else the database would lie elsewhere and outlive the tests.
  chmodSync(data, 0o711)
  const port = Number(process.env.DESCENT_E2E_PORT ?? (await freePort()))
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    DATA_DIR: data,
    LOG_LEVEL: 'warn',
  }
  const server = spawn(process.execPath, [bundle], {
    cwd: project,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('The server did not start within a minute.')), STARTS_WITHIN_MS)
    let said = ''
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const ready = /ready at (\S+)/.exec(said)?.[1]
      if (!ready) return
      clearTimeout(late)
      resolve(ready)
    })
    server.once('exit', (code) => reject(new Error(`The server ended with ${code} before it was ready.\n${said}`)))
  })
  process.env.DESCENT_E2E_URL = url
  process.env.DESCENT_E2E_DATA = data
  process.env.DESCENT_E2E_PORT = String(port)
  return async () => {
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => server.kill('SIGKILL'), ENDS_WITHIN_MS)
      server.once('exit', () => {
        clearTimeout(kill)
        resolve()
      })
      server.kill('SIGTERM')
    })
    rmSync(data, { recursive: true, force: true })
  }
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
