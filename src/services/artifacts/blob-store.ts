import type { Readable } from 'node:stream'

/** Large things, addressed by their SHA-256. Keys are made by the server; names of users never reach a path. */
export interface BlobStore {
  /** Streams one part of an upload to disk, hashing it. `maxBytes` ends it with `too_large`. */
  writePart(
    upload: string,
    n: number,
    body: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ size: number; sha256: string }>
  /** Joins the parts 1…n, hashes the whole, syncs it and moves it to its address; the parts are gone afterwards. */
  assemble(upload: string, parts: number): Promise<{ size: number; sha256: string }>
  /** Puts `assemble`d content in place under its hash, for one workspace. */
  discardUpload(upload: string): Promise<void>
  /** True when content of that address and length lies there; a file that was cut short is as good as none. */
  has(workspaceId: number, sha256: string, sizeBytes: number): Promise<boolean>
  /** Reads content whole and answers whether it hashes right; what does not is moved aside, so that `has` is false from then on. */
  examine(workspaceId: number, sha256: string): Promise<boolean>
  adopt(workspaceId: number, upload: string, sha256: string): Promise<void>
  /** Removes content; what is not there is removed already. */
  remove(workspaceId: number, sha256: string): Promise<void>
  open(workspaceId: number, sha256: string, range?: { start: number; end: number }): Promise<Readable>
  /** Free bytes on the volume. */
  freeBytes(): Promise<number>
}
