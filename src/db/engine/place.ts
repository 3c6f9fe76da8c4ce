import { createHash, randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { EngineError } from './errors.ts'

/** Who runs the engine when the server is root, which PostgreSQL refuses: nobody, on every Linux. */
export const ENGINE_UID = 65534

/** A socket's path is limited by the system, to 104 bytes on some. */
const SOCKET_PATH_BYTES_MAX = 100
const SOCKET_NAME = '.s.PGSQL.5432'

export type EnginePlace = {
  /** `postgres-18`: holds all that the engine keeps. */
  home: string
  /** PostgreSQL's data directory. */
  data: string
  /** Folder of the socket, mode 0700. */
  run: string
  log: string
  /** Set when the engine must not run as this process's user, root. */
  uid: number | null
  /** Sentences for the person who starts the server. */
  notices: string[]
}

export type PlaceRequest = {
  /** The product's data folder; made when it is absent. */
  dataDir: string
  /** Names the place that a data folder moves to when the engine's user cannot reach it. */
  projectDir: string
  /** Major version of the binaries. */
  major: number
  /** Is the server root? */
  root?: boolean
  /** Holds the moved folders, `/var/lib/descent` by default. */
  systemFolder?: string
}

/**
 * Decides where the engine's data and socket lie, and makes the folders. For root the data folder must be reachable for the engine's
 * user; where it is not (a clone below a folder of mode 0700), the engine's data moves to `/var/lib/descent/<hash of the project folder>`.
 * Data that exist already are never left behind in silence.
 *
 * @throws EngineError `unreachable`, `newer_version`
 */
export function placeEngine(request: PlaceRequest): EnginePlace {
  const { major, root = process.getuid?.() === 0, systemFolder = '/var/lib/descent' } = request
  // Root's data folder lets others pass through, but not look around: the engine's user has to get to its own folder inside.
  mkdirSync(request.dataDir, { recursive: true, mode: root ? 0o711 : 0o700 })
  const dataDir = realpathSync(request.dataDir)

  const notices: string[] = []
  const parent = root
    ? reachableParent(
        dataDir,
        path.join(systemFolder, shortHash(nameOfMoved(dataDir, request.projectDir))),
        major,
        notices,
      )
    : dataDir
  refuseOtherVersions(parent, major, notices)

  const uid = root ? ENGINE_UID : null
  const home = path.join(parent, `postgres-${major}`)
  makePrivateFolder(home, uid)
  const run = socketFolder(home, uid)
  makePrivateFolder(run, uid)
  return { home, data: path.join(home, 'data'), run, log: path.join(home, 'engine.log'), uid, notices }
}

/** The socket's file in a folder. */
export function socketFile(run: string): string {
  return path.join(run, SOCKET_NAME)
}

/** May the user enter every folder on the way to `at`, itself included? Folders that are not there yet do not count. */
export function isReachable(at: string, uid: number): boolean {
  for (let folder = path.resolve(at); ; folder = path.dirname(folder)) {
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found && found.uid !== uid && (found.mode & 0o001) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}

/** A project's own data folder is known by its project, any other by itself. */
function nameOfMoved(dataDir: string, projectDir: string): string {
  const project = realpathSync(projectDir)
  return path.dirname(dataDir) === project ? project : dataDir
}

/** The data folder, or where its database has moved. A file in the data folder remembers the move: a new clone at the path of an old one starts empty. */
function reachableParent(dataDir: string, elsewhere: string, major: number, notices: string[]): string {
  const moved = readMove(dataDir)
  const here = isReachable(dataDir, ENGINE_UID)
  if (here && moved === null) return dataDir
  if (moved === null && existsSync(path.join(dataDir, `postgres-${major}`, 'data', 'PG_VERSION')))
    throw new EngineError(
      'unreachable',
      `The database in ${dataDir} cannot be reached by the unprivileged user (${ENGINE_UID}) that PostgreSQL runs as when the server is root. Let others pass through the folders above it (chmod o+x), start the server as an ordinary user, or set DATABASE_URL.`,
    )
  const parent = moved ?? noteMove(dataDir, freeName(elsewhere))
  mkdirSync(parent, { recursive: true, mode: 0o711 })
  if (!isReachable(parent, ENGINE_UID))
    throw new EngineError(
      'unreachable',
      `PostgreSQL does not run as root, and its unprivileged user (${ENGINE_UID}) can reach neither ${dataDir} nor ${parent}. Set DATA_DIR to a folder that others can pass through, or set DATABASE_URL.`,
    )
  notices.push(
    here
      ? `The database is in ${parent}, where an earlier start put it.`
      : `The database is in ${parent}: the server runs as root, PostgreSQL does not, and its user cannot reach ${dataDir}.`,
  )
  return parent
}

const MOVE_NOTE = 'postgres-moved-to'

function readMove(dataDir: string): string | null {
  const note = path.join(dataDir, MOVE_NOTE)
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : null
}

/** Of two servers that start at once, the first decides. */
function noteMove(dataDir: string, parent: string): string {
  const whole = path.join(dataDir, `${MOVE_NOTE}.${process.pid}`)
  writeFileSync(whole, `${parent}\n`)
  try {
    linkSync(whole, path.join(dataDir, MOVE_NOTE))
  } catch (error) {
    if (readMove(dataDir) === null) throw error
  } finally {
    rmSync(whole, { force: true })
  }
  return readMove(dataDir) ?? parent
}

function freeName(folder: string): string {
  return existsSync(folder) ? `${folder}-${randomBytes(4).toString('hex')}` : folder
}

function refuseOtherVersions(parent: string, major: number, notices: string[]): void {
  const others = readdirSync(parent)
    .map((name) => Number(/^postgres-(\d+)$/.exec(name)?.[1]))
    .filter(
      (version) => version !== major && existsSync(path.join(parent, `postgres-${version}`, 'data', 'PG_VERSION')),
    )
    .sort((a, b) => b - a)
  const other = others[0]
  if (other !== undefined && other > major)
    throw newerVersion(path.join(parent, `postgres-${other}`), String(other), major)

  const own = path.join(parent, `postgres-${major}`, 'data', 'PG_VERSION')
  if (existsSync(own)) {
    const version = readFileSync(own, 'utf8').trim()
    if (version !== String(major)) throw newerVersion(path.dirname(own), version, major)
  } else if (other !== undefined)
    notices.push(
      `${path.join(parent, `postgres-${other}`)} holds a database of PostgreSQL ${other}; this build starts an empty one of PostgreSQL ${major} beside it. Carry the data over with descent backup (by the build that made them) and descent restore.`,
    )
}

function newerVersion(folder: string, version: string, major: number): EngineError {
  return new EngineError(
    'newer_version',
    `The data folder ${folder} belongs to PostgreSQL ${version}, this build brings PostgreSQL ${major}: it is from a newer or another version. Start the build that made it, or set DATA_DIR to another folder.`,
  )
}

function socketFolder(home: string, uid: number | null): string {
  const inside = path.join(home, 'run')
  if (Buffer.byteLength(socketFile(inside)) <= SOCKET_PATH_BYTES_MAX) return inside
  const name = `descent-${shortHash(home)}`
  const candidates = [tmpdir(), '/tmp'].filter((folder) => uid === null || isReachable(folder, uid))
  const short = candidates
    .map((folder) => path.join(folder, name))
    .find((folder) => Buffer.byteLength(socketFile(folder)) <= SOCKET_PATH_BYTES_MAX)
  return short ?? path.join('/tmp', name)
}

/** Mode 0700 and owned by the engine's user; refuses a folder that somebody else has put there (the temporary folder is everybody's). */
function makePrivateFolder(folder: string, uid: number | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  const self = process.getuid?.()
  const mine = found.uid === self || found.uid === uid
  if (!found.isDirectory() || !mine)
    throw new EngineError(
      'unreachable',
      `${folder} belongs to another user (${found.uid}) or is no folder. Remove it, or set DATA_DIR to another folder.`,
    )
  if ((found.mode & 0o077) !== 0 && self !== undefined)
    throw new EngineError(
      'unreachable',
      `${folder} is open to other users (mode ${(found.mode & 0o777).toString(8)}). Run: chmod 700 ${folder}`,
    )
  if (uid !== null && found.uid !== uid) chownSync(folder, uid, uid)
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
