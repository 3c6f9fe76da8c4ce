import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

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
