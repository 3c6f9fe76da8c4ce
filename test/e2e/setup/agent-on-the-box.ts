/** A real agent beside the started server, and the quick pipeline launched through the command line's own reader. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readPipeline } from '../../../src/services/pipelines/read-pipeline.ts'
import type { Door } from './door.ts'
import { agentToken, serverUrl } from './on-the-box.ts'

const project = path.resolve(import.meta.dirname, '../../..')

export interface AgentProcess {
  stop: () => Promise<void>
}

/** Registers and starts an agent with two slots. */
export function startAgent(python: string, dataDir: string): AgentProcess {
  const cli = path.join(project, 'dist', 'cli.mjs')
  const args = [
    'agent',
    '--server',
    serverUrl(),
    '--token',
    agentToken(),
    '--name',
    'e2e',
    '--slots',
    '2',
    '--python',
    python,
    '--data-dir',
    dataDir,
  ]
  const child = spawn(process.execPath, [cli, ...args], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
  return { stop: () => ended(child, 'SIGTERM') }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const insist = setTimeout(() => child.kill('SIGKILL'), 20_000)
    child.once('exit', () => {
      clearTimeout(insist)
      resolve()
    })
    child.kill(signal)
  })
}

/** Runs a program of the project; fails with what it said. */
export function runToEnd(file: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${file} ended with ${code}:\n${said}`))))
  })
}

/** Launches the lifecycle with a few steps per stage; the pipeline's id. */
export async function launchQuick(door: Door, slug: string, data: string): Promise<string> {
  const answer = readPipeline(readFileSync(path.join(project, 'workers', 'recipes', 'lifecycle.yaml'), 'utf8'))
  if (answer.kind === 'problems') throw new Error(answer.problems.map((p) => p.message).join('\n'))
  const { pipeline } = answer
  pipeline.defaults.params.data = data
  if (pipeline.defaults.evaluate) pipeline.defaults.evaluate.params.data = data
  return (await door.send<{ id: string }>('POST', `/projects/${slug}/pipelines?quick=true`, pipeline)).id
}
