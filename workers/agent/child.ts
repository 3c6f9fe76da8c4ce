import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { pause } from './back-off.ts'
import { asProcessEnv } from './build-environment.ts'
import { isAlive, signalGroup, startTime } from './processes.ts'

/** How a process ended. Both null: it was adopted, and its parent of then took the answer along. */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A running program, its own child or one that an earlier life of this agent started. */
export interface Child {
  readonly pid: number
  /** See `startTime`. */
  readonly startTime: string
  readonly exited: Promise<Exit>
  /** To the whole group. */
  signal(signal: NodeJS.Signals): void
}

export interface Command {
  program: string
  args: readonly string[]
  cwd: string
  env: Readonly<Record<string, string>>
  /** Receives stdout and stderr, appended: they outlive this agent, so a restart of it breaks no pipe. */
  folder: string
}

export const outputFiles = (folder: string) => ({ out: path.join(folder, 'stdout'), err: path.join(folder, 'stderr') })

/**
 * Starts a program: no shell, a process group and session of its own, nothing on stdin, output into files.
 *
 * @throws Error when it cannot be started
 */
export async function startChild(command: Command): Promise<Child> {
  const files = outputFiles(command.folder)
  const out = fs.openSync(files.out, 'a', 0o600)
  const err = fs.openSync(files.err, 'a', 0o600)
  let child: ChildProcess
  try {
    child = spawn(command.program, [...command.args], {
      cwd: command.cwd,
      env: asProcessEnv(command.env),
      stdio: ['ignore', out, err],
      detached: true,
      shell: false,
    })
  } finally {
    fs.closeSync(out)
    fs.closeSync(err)
  }
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  const { pid } = child
  if (pid === undefined) throw new Error('the program has no process id')
  const exited = new Promise<Exit>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null)
      resolve({ code: child.exitCode, signal: child.signalCode })
    else child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  return watched(pid, startTime(pid) ?? '', exited)
}

/** Takes up a process of an earlier life of this agent; null when it is gone, or the id belongs to somebody else now. */
export function adoptChild(pid: number, began: string): Child | null {
  const now = startTime(pid)
  if (now === null || now !== began) return null
  const exited = (async (): Promise<Exit> => {
    const never = new AbortController().signal
    while (startTime(pid) === began && isAlive(pid)) await pause(500, never)
    return { code: null, signal: null }
  })()
  return watched(pid, began, exited)
}

function watched(pid: number, began: string, ended: Promise<Exit>): Child {
  // What the program left running in its group ends with it.
  const exited = ended.then((exit) => {
    signalGroup(pid, 'SIGKILL')
    return exit
  })
  return { pid, startTime: began, exited, signal: (signal) => void signalGroup(pid, signal) }
}

/** SIGTERM to the group, a grace, SIGKILL. Resolves when the program has ended. */
export async function stopChild(child: Child, graceMs: number): Promise<Exit> {
  child.signal('SIGTERM')
  const timer = setTimeout(() => child.signal('SIGKILL'), graceMs)
  try {
    return await child.exited
  } finally {
    clearTimeout(timer)
  }
}
