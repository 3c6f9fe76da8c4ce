import { linkSync, readFileSync, renameSync, rmSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { socketFile } from './place.ts'
import { isEngineOf, isRunning } from './process-state.ts'

/** What a data folder's `postmaster.pid` says, checked against the system. */
export type Holder =
  /** No engine: no file, or its process is gone. PostgreSQL replaces such a file itself. `run` is where its socket was. */
  | { kind: 'none'; run: string | null }
  /** The process is this folder's engine. */
  | { kind: 'engine'; pid: number; run: string }
  /** The number was given to another program since; PostgreSQL would refuse to start. */
  | { kind: 'stranger'; pid: number }

type PostmasterFile = { pid: number; run: string; status: string }

export function findHolder(data: string): Holder {
  const file = readPostmasterFile(data)
  if (!file || !isRunning(file.pid)) return { kind: 'none', run: file?.run ?? null }
  const { pid, run } = file
  return isEngineOf(pid, data) ? { kind: 'engine', pid, run } : { kind: 'stranger', pid }
}

/** Has the engine with this pid written that it takes connections? */
export function isReady(data: string, pid: number): boolean {
  const file = readPostmasterFile(data)
  return file?.pid === pid && file.status === 'ready'
}

/** Lines: pid, data folder, start time, port, socket folder, address, shared memory, status. */
function readPostmasterFile(data: string): PostmasterFile | null {
  let text: string
  try {
    text = readFileSync(path.join(data, 'postmaster.pid'), 'utf8')
  } catch {
    return null
  }
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return null
  return { pid, run: lines[4]?.trim() ?? '', status: lines[7]?.trim() ?? '' }
}

/**
 * Takes away a `postmaster.pid` that names a stranger. Moved aside first and looked at again: another server that starts at the same
 * moment may have put a good file there since.
 */
export function discardStranger(data: string, pid: number): void {
  const file = path.join(data, 'postmaster.pid')
  const aside = `${file}.${process.pid}.stranger`
  try {
    renameSync(file, aside)
    if (Number(readFileSync(aside, 'utf8').split('\n')[0]) !== pid) linkSync(aside, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EEXIST')))
      throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Does an engine answer on the socket in this folder within `timeoutMs`? Asks for TLS, which it declines with one byte. */
export function answers(run: string, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketFile(run))
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => end(false))
    socket.once('error', () => end(false))
    socket.once('close', () => resolve(false))
    socket.once('connect', () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])))
    socket.once('data', () => end(true))
  })
}
