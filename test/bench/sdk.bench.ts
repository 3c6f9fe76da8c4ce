import { execFileSync, spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Product } from './product.ts'
import { makeBenchWorld } from './world.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))

export interface SdkFigures {
  log: { median_us: number; p90_us: number; p99_us: number; max_us: number }
  log_back_to_back_us: number
  plainest_queue: { median_us: number }
  python: string
}

/** What `run.log()` of 20 keys costs the training thread, with the server away and the spool at work; null without a Python. */
export function benchSdk(): SdkFigures | null {
  try {
    const said = execFileSync('python3', [path.join(project, 'workers/sdk/tests/bench_log.py'), '--calls', '10000'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return JSON.parse(said.trim().split('\n').at(-1) ?? '') as SdkFigures
  } catch {
    return null
  }
}

export interface DurableFigures {
  points: number
  logged_s: number
  durable_s: number
  points_per_s: number
}

/** Points per second from `run.log()` of one Python process to the server's acknowledgement of the last; null without a Python. */
export async function benchDurable(product: Product): Promise<DurableFigures | null> {
  const world = await makeBenchWorld(product.clients.sql, 1)
  const child = spawn('python3', [path.join(project, 'workers/sdk/tests/bench_durable.py')], {
    env: { ...process.env, DESCENT_URL: `http://127.0.0.1:${product.port}`, DESCENT_API_KEY: world.key },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', resolve)
  })
  if (code === null) return null
  const figures = JSON.parse(said.trim().split('\n').at(-1) ?? '') as DurableFigures & { complete: boolean }
  if (!figures.complete) throw new Error('The Python client could not send all of its points.')
  return figures
}
