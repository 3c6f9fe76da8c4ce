import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface ServerProcess {
  port: number
  cpu: () => Promise<number>
  stop: () => Promise<void>
}

const BUILT = fileURLToPath(new URL('../../node_modules/.cache/descent-bench', import.meta.url))

/**
 * Starts one of this folder's servers in a process of its own, bundled as production is: the load generator takes none of its time,
 * and no loader stands between.
 */
export async function startServerProcess(file: string, settings: object): Promise<ServerProcess> {
  const outfile = path.join(BUILT, file.replace(/\.ts$/, '.mjs'))
  await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  const child = spawn(process.execPath, [outfile], {
    env: { ...process.env, NODE_ENV: 'production', BENCH_SETTINGS: JSON.stringify(settings) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { port } = await answerOf<{ port: number }>(child)
  return {
    port,
    cpu: async () => {
      const answer = answerOf<{ cpu: number }>(child)
      child.send('cpu')
      return (await answer).cpu
    },
    stop: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`A server of the bench ended with ${code}.`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(asAnswer<T>(message))
    })
  })
}

/** Both ends of this channel are files of this folder. */
const asAnswer = <T>(message: unknown): T => message as T

/** The other end: says the port, and answers what the process has used. */
export function serveBench(port: number): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpu: user + system })
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.({ port })
}
