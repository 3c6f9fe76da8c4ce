import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { invariant, Refusal } from '#src/services/errors.ts'
import type { BlobStore } from './blob-store.ts'

const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700
/** Never through a link, never over what is there. */
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
const READ = constants.O_RDONLY | constants.O_NOFOLLOW
const CHUNK_BYTES = 1024 * 1024
const WHOLE = 'whole'

/**
 * Blobs as files below one folder: `blobs/{workspace}/{ab}/{cd}/{sha256}`, and uploads under way in `staging/{upload}/{n}`.
 * Every path is made of numbers, hashes and ids of our own; names of users never come near it.
 *
 * @param root the folder, made when it is absent; it must be on one volume with itself (a blob is renamed into place)
 */
export function openDirectoryStore(root: string): BlobStore {
  const staging = (upload: string) => path.join(root, 'staging', checkedUid(upload))
  const blob = (workspaceId: number, sha256: string) => {
    invariant(Number.isSafeInteger(workspaceId) && workspaceId > 0, 'a workspace has a positive id')
    const hash = checkedHash(sha256)
    return path.join(root, 'blobs', String(workspaceId), hash.slice(0, 2), hash.slice(2, 4), hash)
  }
  const partPath = (upload: string, n: number) => path.join(staging(upload), checkedPart(n))
  let scratch = 0

  return {
    async writePart(upload, n, body, maxBytes) {
      const to = partPath(upload, n)
      await mkdir(path.dirname(to), { recursive: true, mode: PRIVATE_FOLDER })
      // Two copies of one part may arrive at once: each writes its own file, the last one renamed stands.
      const draft = `${to}.${process.pid}-${++scratch}`
      try {
        const written = await writeCounted(draft, body, maxBytes)
        await rename(draft, to)
        return written
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
    },

    async assemble(upload, parts) {
      const whole = path.join(staging(upload), WHOLE)
      await mkdir(path.dirname(whole), { recursive: true, mode: PRIVATE_FOLDER })
      // What an earlier try left behind is written anew; the parts stay until the blob is in place.
      await rm(whole, { force: true })
      return writeCounted(whole, readParts(Array.from({ length: parts }, (_, i) => partPath(upload, i + 1))), Infinity)
    },

    async adopt(workspaceId, upload, sha256) {
      const to = blob(workspaceId, sha256)
      await mkdir(path.dirname(to), { recursive: true, mode: PRIVATE_FOLDER })
      await rename(path.join(staging(upload), WHOLE), to)
      await syncFolder(path.dirname(to))
      await rm(staging(upload), { recursive: true, force: true })
    },

    async discardUpload(upload) {
      await rm(staging(upload), { recursive: true, force: true })
    },

    async has(workspaceId, sha256, sizeBytes) {
      const found = await stat(blob(workspaceId, sha256)).catch(ignoreAbsent)
      return found?.isFile() === true && found.size === sizeBytes
    },

    async examine(workspaceId, sha256) {
      const at = blob(workspaceId, sha256)
      const hash = createHash('sha256')
      try {
        for await (const chunk of readParts([at])) hash.update(chunk)
      } catch (error) {
        ignoreAbsent(error as NodeJS.ErrnoException)
        return false
      }
      if (hash.digest('hex') === sha256) return true
      // Kept for people to look at; content that is sent again takes its place.
      await rename(at, `${at}.damaged`)
      return false
    },

    async remove(workspaceId, sha256) {
      await rm(blob(workspaceId, sha256), { force: true })
    },

    async open(workspaceId, sha256, range) {
      const file = await open(blob(workspaceId, sha256), READ)
      return file.createReadStream({ ...range, highWaterMark: CHUNK_BYTES }) as Readable
    },

    async freeBytes() {
      await mkdir(root, { recursive: true, mode: PRIVATE_FOLDER })
      const volume = await statfs(root)
      return volume.bavail * volume.bsize
    },
  }
}

/** Writes a new file, counting and hashing what comes, and syncs it. */
async function writeCounted(
  to: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ size: number; sha256: string }> {
  const file = await open(to, CREATE, PRIVATE_FILE)
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of body) {
      size += chunk.length
      if (size > maxBytes)
        throw new Refusal('too_large', `The part is larger than ${maxBytes} bytes, the length it should have.`, {
          limit_bytes: maxBytes,
        })
      hash.update(chunk)
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
    }
    await file.sync()
    return { size, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

async function* readParts(paths: readonly string[]): AsyncIterable<Uint8Array> {
  for (const part of paths) {
    const file = await open(part, READ)
    yield* file.createReadStream({ highWaterMark: CHUNK_BYTES }) as AsyncIterable<Uint8Array>
  }
}

/** A rename is durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

function checkedUid(upload: string): string {
  invariant(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(upload), 'an upload is named by a UUID of ours')
  return upload
}

function checkedHash(sha256: string): string {
  invariant(/^[0-9a-f]{64}$/.test(sha256), 'a blob is named by its SHA-256')
  return sha256
}

function checkedPart(n: number): string {
  invariant(Number.isSafeInteger(n) && n >= 1, 'parts are numbered from 1')
  return String(n)
}
