/** Bytes that are kept, over all runs. */
const BYTES_MAX = 128 * 1024 * 1024
/** A console that nobody looks through is let go. */
const KEPT_MS = 60_000

interface Kept {
  chunks: Map<number, Buffer>
  bytes: number
  usedAt: number
}

/**
 * Chunks of the consoles that are being looked through: whoever types a search asks for the same bytes with each letter. A chunk never
 * changes once it is stored, so nothing here is ever out of date.
 */
export class ChunkCache {
  readonly #runs = new Map<number, Kept>()
  #bytes = 0
  #timer: NodeJS.Timeout | null = null

  get(runId: number, firstLine: number): Buffer | undefined {
    const kept = this.#runs.get(runId)
    if (!kept) return undefined
    kept.usedAt = Date.now()
    return kept.chunks.get(firstLine)
  }

  /** Keeps a chunk, unless its console alone would fill the cache. */
  put(runId: number, firstLine: number, data: Buffer): void {
    const kept = this.#runs.get(runId) ?? { chunks: new Map(), bytes: 0, usedAt: 0 }
    if (kept.chunks.has(firstLine) || kept.bytes + data.length > BYTES_MAX) return
    // The newest use stands last.
    this.#runs.delete(runId)
    this.#runs.set(runId, kept)
    kept.chunks.set(firstLine, data)
    kept.bytes += data.length
    kept.usedAt = Date.now()
    this.#bytes += data.length
    for (const oldest of this.#runs.keys()) {
      if (this.#bytes <= BYTES_MAX || oldest === runId) break
      this.#drop(oldest)
    }
    this.#timer ??= setTimeout(() => this.#letGo(), KEPT_MS).unref()
  }

  #drop(runId: number): void {
    this.#bytes -= this.#runs.get(runId)?.bytes ?? 0
    this.#runs.delete(runId)
  }

  #letGo(): void {
    this.#timer = null
    for (const [runId, kept] of this.#runs) if (Date.now() - kept.usedAt >= KEPT_MS) this.#drop(runId)
    if (this.#runs.size > 0) this.#timer = setTimeout(() => this.#letGo(), KEPT_MS).unref()
  }
}
