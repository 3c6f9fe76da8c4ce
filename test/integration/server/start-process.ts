import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { buildSync } from 'esbuild'

export interface ServerProcess {
  child: ChildProcess
  port: number
  dataDir: string
  /** Standard output and error so far. */
  output(): string
  /** Settles with the exit code; null when a signal ended it. */
  exited: Promise<number | null>
  /** Ends it if it runs, and removes its folder. */
  remove(): Promise<void>
}

/** A data folder that the engine's user may pass through, also where tests run as root. */
export function dataFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-server-'))
  chmodSync(folder, 0o711)
  return folder
}

let bundle: string | null = null

/** The server as production runs it: one file, packages external. Made once per test file, beside what `npm run build` makes. */
function bundled(): string {
  if (bundle !== null) return bundle
  // One name for all files of tests, since they bundle the same sources; made under another, since two may do so at once.
  const made = path.resolve('dist', `test-${process.pid}`)
  buildSync({
    entryPoints: { 'test-server': 'src/server/main.ts', 'seal-worker': 'src/services/metrics/seal/seal-worker.ts' },
    outdir: made,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  })
  for (const file of ['seal-worker.mjs', 'test-server.mjs'])
    renameSync(path.join(made, file), path.resolve('dist', file))
  rmSync(made, { recursive: true })
  bundle = path.resolve('dist', 'test-server.mjs')
  return bundle
}

/** Starts the bundled server without pages, with an embedded engine in a folder of its own. */
export function startProcess(
  port: number,
  environment: Record<string, string> = {},
  dataDir = dataFolder(),
): ServerProcess {
  const child = spawn(process.execPath, [bundled(), '--no-pages'], {
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      DATA_DIR: dataDir,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    child,
    port,
    dataDir,
    output: () => output,
    exited,
    remove: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await exited
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Waits for `/readyz`. @throws Error with what the process said when it ended or took too long */
export async function untilReady(server: ServerProcess, ms = 60_000): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until; await pause(50)) {
    if (server.child.exitCode !== null) break
    const answer = await fetch(`http://127.0.0.1:${server.port}/readyz`).catch(() => null)
    if (answer?.ok) return
  }
  throw new Error(`The server did not become ready.\n${server.output()}`)
}
