import type { AttemptStart } from '../../core/metrics/attempt-view.ts'
import { SequenceRanges } from '../../core/metrics/sequence-ranges.ts'
import type { Sql } from '../../db/clients.ts'
import { loadAttempts } from '../../db/queries/metrics/load-attempts.ts'
import { loadSeals } from '../../db/queries/metrics/load-seals.ts'
import { loadTails } from '../../db/queries/metrics/load-tails.ts'
import { loadSealed } from '../../db/queries/metrics/seal/load-sealed.ts'
import type { HeadRow } from './head-row.ts'
import type { SealOutcome } from './seal-outcome.ts'

/** The unsealed part of a run: rows by (stream, seq), which is the order in which later points win. */
export interface RunHead {
  readonly runId: number
  rows: HeadRow[]
  attempts: AttemptStart[]
  bytes: number
  /** Of `metric_seal`, as these rows were read: what is in no row lies in blocks of this state. 0: nothing was sealed. */
  version: number
  rewrites: number
  /** Which seqs of each stream lie in blocks: rows that arrive again, or whose commit is told late, are not taken. */
  sealed: Map<number, SequenceRanges>
  /** Something changed while it was read: it serves who asked before that, and nobody else. */
  isBehind: boolean
}

interface Loading {
  heads: Promise<Map<number, RunHead>>
  /** Rows that were committed while the load ran, and may or may not be in its answer. */
  pending: HeadRow[]
  /** Seals that were committed while the load ran, and may or may not be in its answer. */
  seals: SealOutcome[]
  /** The answer may lack something that is not in `pending`: it is not kept. */
  isStale: boolean
}

/** What a row costs beside its bytes: measured with 60,000 rows of 220 bytes. */
const ROW_BYTES = 320
/** What a head costs that has no row, and more for each stream of which something is sealed. */
const HEAD_BYTES = 800
const STREAM_BYTES = 400

/**
 * The tails of runs in memory, packed: decoded they would take three times as much and halve the ingest. The least recently used
 * runs go when together they pass `bytesMax`.
 */
export class HeadCache {
  readonly #sql: Sql
  readonly #bytesMax: number
  /** In the order of use. */
  readonly #heads = new Map<number, RunHead>()
  readonly #loading = new Map<number, Loading>()
  #bytes = 0

  constructor(sql: Sql, bytesMax: number) {
    this.#sql = sql
    this.#bytesMax = bytesMax
  }

  /**
   * The heads of these runs, each once; all that are not in memory are read with one query. Runs without points have empty ones. Each has
   * all that was committed before the call; one that another process writes to faster than it is read is `isBehind`.
   */
  async open(runIds: readonly number[]): Promise<Map<number, RunHead>> {
    const found = new Map<number, RunHead>()
    // The first reading may have begun before the call.
    for (let isFirst = true; ; isFirst = false) {
      const waits = new Set<Promise<Map<number, RunHead>>>()
      const missing: number[] = []
      for (const runId of new Set(runIds)) {
        if (found.has(runId)) continue
        const head = this.#use(runId)
        const loading = this.#loading.get(runId)
        if (head) found.set(runId, head)
        else if (loading) waits.add(loading.heads)
        else missing.push(runId)
      }
      if (missing.length > 0) waits.add(this.#load(missing))
      if (waits.size === 0) return found
      // Evicted already, when the cache is smaller than the answer: then the loaded head serves this one call.
      for (const loaded of await Promise.all(waits))
        for (const [runId, head] of loaded)
          if (runIds.includes(runId) && !found.has(runId) && !(head.isBehind && isFirst)) found.set(runId, head)
    }
  }

  /** The head as it lies in memory; null when it does not. */
  peek(runId: number): RunHead | null {
    return this.#heads.get(runId) ?? null
  }

  /** Takes a batch that was committed. */
  add(runId: number, row: HeadRow): void {
    this.#loading.get(runId)?.pending.push(row)
    const head = this.#use(runId)
    if (!head) return
    const bytes = insertRow(head, row)
    this.#bytes += bytes
    this.#evict(runId)
  }

  /** Is this batch in memory, or will the next read bring it? False: the head lacks it. */
  holds(runId: number, stream: number, seq: number): boolean {
    if (this.#loading.has(runId)) return false
    const head = this.#heads.get(runId)
    return !head || isSealed(head, stream, seq) || isRowAt(head, place(head.rows, stream, seq), stream, seq)
  }

  /**
   * Takes a seal that was committed: its rows leave, what it carries comes, in one step. Rows and version always belong together;
   * where a seal in between was not told, the next read brings both.
   */
  applySeal(outcome: SealOutcome): void {
    const { runId } = outcome
    this.#loading.get(runId)?.seals.push(outcome)
    const head = this.#heads.get(runId)
    if (!head) return
    const before = head.bytes
    if (takeSeal(head, outcome)) this.#bytes += head.bytes - before
    else this.drop(runId)
  }

  /** Forgets what is in memory of a run: the outcome of a commit is unknown, or its attempts changed. */
  drop(runId: number): void {
    const loading = this.#loading.get(runId)
    if (loading) loading.isStale = true
    const head = this.#heads.get(runId)
    if (head) {
      this.#bytes -= head.bytes
      this.#heads.delete(runId)
    }
  }

  /** For tests: forgets everything. */
  clear(): void {
    for (const runId of [...this.#heads.keys(), ...this.#loading.keys()]) this.drop(runId)
  }

  #use(runId: number): RunHead | undefined {
    const head = this.#heads.get(runId)
    if (head) {
      this.#heads.delete(runId)
      this.#heads.set(runId, head)
    }
    return head
  }

  #load(runIds: readonly number[]): Promise<Map<number, RunHead>> {
    const mine = new Map<number, Loading>()
    const heads = this.#read(runIds, mine)
    for (const runId of runIds) {
      const loading = { heads, pending: [], seals: [], isStale: false }
      mine.set(runId, loading)
      this.#loading.set(runId, loading)
    }
    return heads
  }

  async #read(runIds: readonly number[], mine: Map<number, Loading>): Promise<Map<number, RunHead>> {
    try {
      // One snapshot: a seal in between would move rows into blocks that this head knows nothing of, or double them.
      const [tails, attempts, seals, streams] = await this.#sql.begin(
        'isolation level repeatable read read only',
        (tx) =>
          Promise.all([loadTails(tx, runIds), loadAttempts(tx, runIds), loadSeals(tx, runIds), loadSealed(tx, runIds)]),
      )
      const heads = new Map<number, RunHead>()
      for (const runId of runIds) heads.set(runId, emptyHead(runId))
      for (const { runId, version, rewrites } of seals) Object.assign(heads.get(runId) ?? {}, { version, rewrites })
      for (const { runId, stream, sealed } of streams) heads.get(runId)?.sealed.set(stream, new SequenceRanges(sealed))
      for (const row of tails) {
        const head = heads.get(row.runId)
        if (head) appendRow(head, row)
      }
      for (const head of heads.values()) head.bytes = bytesOf(head)
      for (const { runId, attempt, firstStep } of attempts) heads.get(runId)?.attempts.push({ attempt, firstStep })
      for (const [runId, loading] of mine) {
        const head = heads.get(runId)
        this.#loading.delete(runId)
        if (!head || !loading.seals.every((outcome) => takeSeal(head, outcome))) {
          heads.delete(runId)
          continue
        }
        for (const row of loading.pending) insertRow(head, row)
        head.isBehind = loading.isStale
        if (head.isBehind) continue
        this.#heads.set(runId, head)
        this.#bytes += head.bytes
      }
      this.#evict(null)
      return heads
    } catch (error) {
      for (const runId of mine.keys()) this.#loading.delete(runId)
      throw error
    }
  }

  #evict(keep: number | null): void {
    for (const [runId, head] of this.#heads) {
      if (this.#bytes <= this.#bytesMax) return
      if (runId === keep) continue
      this.#heads.delete(runId)
      this.#bytes -= head.bytes
    }
  }
}

const emptyHead = (runId: number): RunHead => ({
  runId,
  rows: [],
  attempts: [],
  bytes: 0,
  version: 0,
  rewrites: 0,
  sealed: new Map(),
  isBehind: false,
})

function appendRow(head: RunHead, row: HeadRow): void {
  const { stream, seq, attempt, points, receivedAtMs, data } = row
  head.rows.push({ stream, seq, attempt, points, receivedAtMs, data })
}

const bytesOf = ({ rows, sealed }: RunHead): number =>
  rows.reduce((bytes, row) => bytes + row.data.length + ROW_BYTES, HEAD_BYTES + sealed.size * STREAM_BYTES)

/** Puts a row in its place unless it is there or was sealed; the bytes that it added. */
function insertRow(head: RunHead, row: HeadRow): number {
  if (isSealed(head, row.stream, row.seq)) return 0
  const at = place(head.rows, row.stream, row.seq)
  if (isRowAt(head, at, row.stream, row.seq)) return 0
  head.rows.splice(at, 0, row)
  const bytes = row.data.length + ROW_BYTES
  head.bytes += bytes
  return bytes
}

/** Carry rows are never refused: the seal itself wrote them. */
const isSealed = (head: RunHead, stream: number, seq: number): boolean => head.sealed.get(stream)?.has(seq) === true

/** Changes a head by a seal; false when the head does not lie right before it. One that has the seal already stays as it is. */
function takeSeal(head: RunHead, outcome: SealOutcome): boolean {
  if (outcome.version <= head.version) return true
  if (outcome.version !== head.version + 1) return false
  const gone = new Set(outcome.gone.map(({ stream, seq }) => `${stream}:${seq}`))
  // A new array: who reads the old one has rows and version of before.
  const rows = head.rows.filter((row) => !gone.has(`${row.stream}:${row.seq}`))
  head.rows = [...outcome.carried, ...rows].sort((a, b) => a.stream - b.stream || a.seq - b.seq)
  for (const { stream, seq } of outcome.gone) {
    if (stream < 0) continue
    const sealed = head.sealed.get(stream) ?? new SequenceRanges()
    head.sealed.set(stream, sealed)
    sealed.add(seq)
  }
  head.bytes = bytesOf(head)
  head.version = outcome.version
  head.rewrites = outcome.rewrites
  return true
}

function isRowAt(head: RunHead, at: number, stream: number, seq: number): boolean {
  const row = head.rows[at]
  return row?.stream === stream && row.seq === seq
}

/** Where (stream, seq) lies or would lie. Mostly at the end. */
function place(rows: readonly HeadRow[], stream: number, seq: number): number {
  const isBefore = (row: HeadRow) => row.stream < stream || (row.stream === stream && row.seq < seq)
  const last = rows[rows.length - 1]
  if (!last || isBefore(last)) return rows.length
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(rows[middle] as HeadRow)) low = middle + 1
    else high = middle
  }
  return low
}
