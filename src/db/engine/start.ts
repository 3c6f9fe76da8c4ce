import { spawn } from 'node:child_process'
import {
  closeSync,
  cpSync,
  existsSync,
  lchownSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EngineError } from './errors.ts'
import type { Binaries } from './find-binaries.ts'
import { type EnginePlace, isReachable } from './place.ts'
import { isReady } from './postmaster-file.ts'
import { isRunning } from './process-state.ts'

/** A running engine. `gone` is settled when its process has ended, whatever ended it. */
export type RunningEngine = { pid: number; run: string; how: 'started' | 'adopted'; gone: Promise<void> }

/** The superuser that initdb makes. Nobody but the owner of the socket's folder gets that far. */
export const ENGINE_USER = 'descent'

const LOG_BYTES_MAX = 16 * 2 ** 20
// Next's types ask for NODE_ENV in every environment; PostgreSQL ignores it.
const ENGINE_ENVIRONMENT = { NODE_ENV: 'production', PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const

/**
 * Starts PostgreSQL on a place, after initdb when it is empty, and waits until it takes connections (after a crash: until it has
 * recovered). The engine has a process group and a log file of its own, so that Ctrl-C and the end of this process leave it alone.
 *
 * @throws EngineError `start_failed` with PostgreSQL's last words
 */
export async function startPostgres(
  place: EnginePlace,
  binaries: Binaries,
  settings: Record<string, string>,
): Promise<RunningEngine> {
  const bin = binariesFor(place, binaries)
  if (!existsSync(path.join(place.data, 'PG_VERSION'))) await initialise(place, bin, binaries.major)

  const all = { ...settings, unix_socket_directories: place.run }
  const args = ['-D', place.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const log = openLog(place)
  const child = spawn(path.join(bin, 'postgres'), args, {
    ...asUser(place.uid),
    cwd: place.home,
    env: ENGINE_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  closeSync(log.fd)
  child.unref()
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  let ended = false
  void gone.then(() => {
    ended = true
  })
  while (!ended && child.pid !== undefined) {
    if (isReady(place.data, child.pid)) return { pid: child.pid, run: place.run, how: 'started', gone }
    await pause(5)
  }
  await gone
  throw new EngineError(
    'start_failed',
    `PostgreSQL did not start: ${lastWords(place.log, log.offset)} (log: ${place.log})`,
  )
}

/** Root's binaries are often below root's home: the engine's user gets a copy beside the data. */
function binariesFor(place: EnginePlace, binaries: Binaries): string {
  if (place.uid === null || isReachable(binaries.bin, place.uid)) return binaries.bin
  if (binaries.movable === null)
    throw new EngineError(
      'unreachable',
      `The unprivileged user ${place.uid} cannot reach PostgreSQL in ${binaries.bin}. Let others pass through the folders above it (chmod o+x), or set DATABASE_URL.`,
    )
  const copy = path.join(place.home, `binaries-${binaries.version}`)
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`
    cpSync(binaries.movable, unfinished, { recursive: true, verbatimSymlinks: true })
    chownTree(unfinished, place.uid)
    moveInto(unfinished, copy)
  }
  return path.join(copy, 'bin')
}

/** In a folder of its own, renamed when it is whole: neither a kill in the middle nor a second server leaves half a database. */
async function initialise(place: EnginePlace, bin: string, major: number): Promise<void> {
  for (const name of readdirSync(place.home)) {
    const maker = Number(/^data\.(\d+)\.\d+$/.exec(name)?.[1])
    if (maker > 0 && (maker === process.pid || !isRunning(maker)))
      rmSync(path.join(place.home, name), { recursive: true, force: true })
  }
  // In a container every server may have the same process id.
  const unfinished = `${place.data}.${process.pid}.${Date.now()}`
  const locale = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C']
  const args = [
    '-D',
    unfinished,
    '-U',
    ENGINE_USER,
    '-A',
    'trust',
    '-E',
    'UTF8',
    ...locale,
    '--data-checksums',
    '--no-instructions',
  ]
  await runToEnd(path.join(bin, 'initdb'), args, place)
  moveInto(unfinished, place.data)
}

function moveInto(unfinished: string, final: string): void {
  try {
    renameSync(unfinished, final)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(final)) throw error // else another server was faster, with the same
  }
}

function runToEnd(command: string, args: string[], place: EnginePlace): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...asUser(place.uid),
      cwd: place.home,
      env: ENGINE_ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
    })
    const failed = (why: string) => reject(new EngineError('start_failed', `${path.basename(command)} failed: ${why}`))
    child.once('error', (error) => failed(error.message))
    child.once('close', (code) => (code === 0 ? resolve() : failed(said.trim() || `exit code ${code}`)))
  })
}

function asUser(uid: number | null): { uid?: number; gid?: number } {
  return uid === null ? {} : { uid, gid: uid }
}

function chownTree(folder: string, uid: number): void {
  for (const name of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    lchownSync(path.join(folder, name), uid, uid)
}

function openLog(place: EnginePlace): { fd: number; offset: number } {
  const size = statSync(place.log, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_BYTES_MAX) renameSync(place.log, `${place.log}.1`)
  return { fd: openSync(place.log, 'a', 0o600), offset: size > LOG_BYTES_MAX ? 0 : size }
}

/** The last line that tells why, of what was written since `offset`. */
function lastWords(log: string, offset: number): string {
  const buffer = Buffer.alloc(8_192)
  const fd = openSync(log, 'r')
  const length = readSync(fd, buffer, 0, buffer.length, offset)
  closeSync(fd)
  const lines = buffer.toString('utf8', 0, length).trim().split('\n')
  const telling = lines.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? lines.at(-1) ?? ''
  return telling.replace(/^.*(?=FATAL|PANIC|ERROR)/, '') || 'it said nothing'
}
