import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FileName } from '#src/protocol/checkpoints.ts'
import { untilAnswered } from './back-off.ts'
import { privateFolder } from './private-files.ts'
import { type Server, ServerAway } from './server.ts'

export interface InputFile {
  name: string
  sha256: string
  size: number
}

/** An input that cannot be had as the job describes it; trying again would not help. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
}

export interface Fetcher {
  server: Server
  cacheDir: string
  retryMs: readonly [number, number]
}

/**
 * Puts the files of a checkpoint into a new folder, each verified by its SHA-256; content that was fetched before is taken from
 * the cache, verified again. Nothing of it is ever executed or unpickled.
 *
 * @throws BadInput for a name that would leave the folder, or content that does not hash right; ServerRefusal
 */
export async function fetchCheckpoint(
  fetcher: Fetcher,
  token: string,
  checkpoint: string,
  files: readonly InputFile[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  privateFolder(fetcher.cacheDir)
  privateFolder(folder)
  for (const file of files) {
    const target = targetOf(folder, file.name)
    const cached = path.join(fetcher.cacheDir, checkedHash(file.sha256))
    if (!(await holds(cached, file))) {
      fs.rmSync(cached, { force: true })
      await untilAnswered(() => download(fetcher, token, checkpoint, file, cached, signal), fetcher.retryMs, signal)
    }
    privateFolder(path.dirname(target))
    place(cached, target)
    const now = new Date()
    fs.utimesSync(cached, now, now)
  }
}

/** The file's place below the folder. */
function targetOf(folder: string, name: string): string {
  const target = path.resolve(folder, name)
  if (!FileName.safeParse(name).success || !target.startsWith(path.resolve(folder) + path.sep))
    throw new BadInput(`an input file has the name ${JSON.stringify(name).slice(0, 200)}, which would leave its folder`)
  return target
}

function checkedHash(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new BadInput(`"${sha256.slice(0, 80)}" is no SHA-256`)
  return sha256
}

async function holds(file: string, expected: InputFile): Promise<boolean> {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false })
  if (!stat?.isFile() || stat.size !== expected.size) return false
  return (await hashOf(file)) === expected.sha256
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(fs.createReadStream(file), hash)
  return hash.digest('hex')
}

async function download(
  { server, cacheDir }: Fetcher,
  token: string,
  checkpoint: string,
  file: InputFile,
  cached: string,
  signal: AbortSignal,
): Promise<void> {
  // One segment of the path: a slash in the name travels as %2F.
  const name = encodeURIComponent(file.name)
  const answer = await server.open(`/checkpoints/${encodeURIComponent(checkpoint)}/files/${name}`, {
    method: 'GET',
    token,
    // The server's limits on slow transfers apply; this one only ends a connection that is dead.
    timeoutMs: 60_000 + file.size / 16,
    signal,
  })
  const partial = path.join(cacheDir, `.partial-${randomBytes(8).toString('hex')}`)
  try {
    const sha256 = await receive(answer, partial, file)
    if (sha256 !== file.sha256)
      throw new BadInput(`file ${file.name} of checkpoint ${checkpoint} has SHA-256 ${sha256}, not ${file.sha256}`)
    fs.renameSync(partial, cached)
  } finally {
    fs.rmSync(partial, { force: true })
  }
}

async function receive(answer: Response, partial: string, file: InputFile): Promise<string> {
  const hash = createHash('sha256')
  const flags = fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_WRONLY | (fs.constants.O_NOFOLLOW ?? 0)
  const out = await fs.promises.open(partial, flags, 0o600)
  let size = 0
  try {
    for await (const chunk of answer.body ?? []) {
      size += chunk.length
      if (size > file.size) throw new BadInput(`file ${file.name} is longer than the ${file.size} bytes it should have`)
      hash.update(chunk)
      await out.write(chunk)
    }
    await out.sync()
  } catch (error) {
    throw error instanceof BadInput ? error : new ServerAway(`the download of ${file.name} was cut off`)
  } finally {
    await out.close()
  }
  if (size !== file.size) throw new ServerAway(`the download of ${file.name} ended after ${size} of ${file.size} bytes`)
  return hash.digest('hex')
}

/** By a second name where the file system allows it, else as a copy. */
function place(cached: string, target: string): void {
  try {
    fs.linkSync(cached, target)
  } catch {
    fs.copyFileSync(cached, target, fs.constants.COPYFILE_EXCL)
  }
}

/** Removes what was not used for the longest time until the cache is within `maxBytes`. */
export function trimCache(cacheDir: string, maxBytes: number): void {
  if (!fs.existsSync(cacheDir)) return
  const files = fs
    .readdirSync(cacheDir)
    .map((name) => ({ file: path.join(cacheDir, name), stat: fs.lstatSync(path.join(cacheDir, name)) }))
    .sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs)
  let total = 0
  for (const { file, stat } of files) {
    total += stat.size
    if (total > maxBytes) fs.rmSync(file, { force: true })
  }
}
