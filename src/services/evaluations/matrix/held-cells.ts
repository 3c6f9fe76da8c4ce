/**
 * Cells of checkpoints in memory: scores with their intervals, items as bits where they are right or wrong. A complete evaluation
 * never changes, so what was read once is kept as long as the same ones stand; whether they do, one statement tells for all
 * checkpoints together. That is what lets a matrix of 40,000 cells be compared with another baseline in a blink.
 */

import type { BenchmarkKind } from '#src/core/evaluations/benchmarks.ts'
import { bitChange, bitInterval, countBitFlips, countRight } from '#src/core/evaluations/bit-items.ts'
import type { Flips } from '#src/core/evaluations/flips.ts'
import { countFlips } from '#src/core/evaluations/flips.ts'
import { type ItemList, readPacked, scoreBits, unpackItems } from '#src/core/evaluations/packed-items.ts'
import { type ChangeEstimate, changeBetween } from '#src/core/evaluations/paired-change.ts'
import { itemFactor, type ScoreInterval, scoreInterval } from '#src/core/evaluations/score-interval.ts'
import type { SlimItem } from '#src/core/evaluations/slim-item.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { listSlimItems } from '#src/db/queries/evaluations/items.ts'
import {
  listStanding,
  listStandingVersions,
  type StandingItems,
  type StandingRow,
} from '#src/db/queries/evaluations/list-standing.ts'
import { listItemLists } from '#src/db/queries/evaluations/packed-items.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context, Services } from '#src/services/context.ts'
import { BoundedCache } from '../bounded-cache.ts'

/** What the cells say of 0/1 items: as many words as there are items, divided by 32. */
interface Bits {
  words: Uint32Array
  n: number
  right: number
}

/** One benchmark under one metric, protocol and variant on one checkpoint. Further seeds are further trials of the same items. */
export interface HeldCell {
  /** The newest of its evaluations. */
  row: StandingRow
  /** Names what was measured, without seeds: a key of memories. */
  ids: string
  evaluationIds: readonly number[]
  score: number
  trials: number
  /** The list that its items follow; null without packed items, or with several trials. */
  listId: number | null
  /** Of a single trial with 0/1 items and no clusters. */
  bits: Bits | null
  /** Every other item. Null: none, or only bits are held. */
  items: readonly SlimItem[] | null
  interval: { kind: BenchmarkKind; value: ScoreInterval } | null
}

/** The cells of one checkpoint, the newest first, and by benchmark. */
export interface HeldCheckpoint {
  /** Another one whenever another set of evaluations stands. */
  version: number
  all: readonly HeldCell[]
  of: ReadonlyMap<number, readonly HeldCell[]>
  /** Ids of the protocols that they were measured under. */
  protocols: ReadonlySet<number>
}

interface Memory {
  cells: BoundedCache<number, HeldCheckpoint>
  lists: BoundedCache<number, ItemList>
  changes: BoundedCache<string, ChangeEstimate>
}

/** Cells and items outside of bits, together about 100 MB at most. */
const WEIGHT_MAX = 600_000
/** Item ids; needed only where items are more than bits of one list. */
const LIST_IDS_MAX = 500_000
const CHANGES_MAX = 100_000

const memories = new WeakMap<Services, Memory>()

function memoryOf(services: Services): Memory {
  const known = memories.get(services)
  if (known) return known
  const made: Memory = {
    cells: new BoundedCache(WEIGHT_MAX),
    lists: new BoundedCache(LIST_IDS_MAX),
    changes: new BoundedCache(CHANGES_MAX),
  }
  memories.set(services, made)
  return made
}

/** The cells of checkpoints, by checkpoint id, the newest first. One without any is absent. */
export async function holdCells(
  ctx: Context,
  scope: Scope,
  checkpointIds: readonly number[],
): Promise<Map<number, HeldCheckpoint>> {
  const { cells } = memoryOf(ctx.services)
  const versions = await listStandingVersions(ctx.db, scope, checkpointIds)
  const held = new Map<number, HeldCheckpoint>()
  const missing: number[] = []
  for (const [id, version] of versions) {
    const known = cells.get(id)
    if (known?.version === version) held.set(id, known)
    else missing.push(id)
  }
  if (missing.length === 0) return held
  const { rows, packed } = await listStanding(ctx.db, scope, missing)
  const items = await readItems(ctx, scope, rows, packed)
  for (const [id, standing] of groupBy(rows, (row) => row.checkpoint_id)) {
    const all = cellsOf(standing, items)
    const made = {
      // What was read may be newer; then the next request reads it once more.
      version: versions.get(id) ?? 0,
      all,
      of: groupBy(all, (cell) => cell.row.benchmark_id),
      protocols: new Set(all.map((cell) => cell.row.protocol_id)),
    }
    held.set(id, made)
    cells.set(id, made, weightOf(made))
  }
  return held
}

const weightOf = ({ all }: HeldCheckpoint): number => all.reduce((sum, cell) => sum + 1 + (cell.items?.length ?? 0), 0)

/** Items of an evaluation, and the list that they follow where they were packed. */
type ReadItems = Map<number, { listId: number | null; bits: Bits | null; items: readonly SlimItem[] | null }>

/** Items of evaluations: bits stay bits, the rest is unpacked, what was never packed is read whole. */
async function readItems(
  ctx: Context,
  scope: Scope,
  rows: readonly StandingRow[],
  packed: ReadonlyMap<number, StandingItems>,
): Promise<ReadItems> {
  const read: ReadItems = new Map()
  const whole: [id: number, StandingItems][] = []
  const unpacked: number[] = []
  for (const { id, n_items } of rows) {
    const found = packed.get(id)
    const words = found?.is_plain ? scoreBits(readPacked(found.bytes)) : null
    if (found && words && n_items > 0)
      read.set(id, { listId: found.list_id, bits: { words, n: n_items, right: countRight(words) }, items: null })
    else if (found) whole.push([id, found])
    else if (n_items > 0) unpacked.push(id)
  }
  const lists = await readLists(
    ctx,
    scope,
    whole.map(([, { list_id }]) => list_id),
  )
  for (const [id, { list_id, bytes }] of whole) {
    const list = lists.get(list_id)
    if (list) read.set(id, { listId: list_id, bits: null, items: unpackItems(list, bytes) })
  }
  for (const [id, items] of await listSlimItems(ctx.db, scope, unpacked))
    read.set(id, { listId: null, bits: null, items })
  return read
}

async function readLists(ctx: Context, scope: Scope, ids: readonly number[]): Promise<Map<number, ItemList>> {
  const { lists } = memoryOf(ctx.services)
  const known = new Map<number, ItemList>()
  for (const id of new Set(ids)) {
    const list = lists.get(id)
    if (list) known.set(id, list)
  }
  const missing = [...new Set(ids)].filter((id) => !known.has(id))
  for (const [id, list] of await listItemLists(ctx.db, scope, missing)) {
    known.set(id, list)
    lists.set(id, list, list.ids.length)
  }
  return known
}

function cellsOf(rows: readonly StandingRow[], items: ReadItems): HeldCell[] {
  const ofBenchmark = groupBy(rows, (row) => row.benchmark_id)
  // Mostly each stands alone: forty thousand names of families would be made for nothing.
  if (ofBenchmark.size === rows.length) return rows.map((row) => singleCell(row, items))
  const families = groupBy(
    rows,
    (row) => `${row.benchmark_id} ${row.metric} ${row.protocol_id} ${row.scale} ${row.variant}`,
  )
  return [...families.values()].map((family) => cellOf(family, items))
}

function cellOf(family: readonly StandingRow[], items: ReadItems): HeldCell {
  const [row] = family
  if (!row) throw new Error('a family has a member')
  if (family.length === 1) return singleCell(row, items)
  const evaluationIds = family.map((member) => member.id)
  return {
    row,
    ids: evaluationIds.join(','),
    evaluationIds,
    score: family.reduce((sum, member) => sum + member.score / family.length, 0),
    trials: family.length,
    listId: null,
    bits: null,
    items: null,
    interval: null,
  }
}

function singleCell(row: StandingRow, items: ReadItems): HeldCell {
  const read = items.get(row.id)
  return {
    row,
    ids: String(row.id),
    evaluationIds: [row.id],
    score: row.score,
    trials: 1,
    listId: read?.listId ?? null,
    bits: read?.bits ?? null,
    items: read?.items ?? null,
    interval: null,
  }
}

/** True when statistics of this cell need items that are not in memory yet. */
export const lacksItems = (cell: HeldCell): boolean => cell.items === null && cell.row.n_items > 0 && !cell.bits

/** Whether two cells can be compared bit by bit: the same list of items, each only right or wrong. */
export const areBits = (before: HeldCell, after: HeldCell): boolean =>
  before.bits !== null && after.bits !== null && before.listId === after.listId

/** Pairs whose items must be read before they can be compared: several trials, or items that follow different lists. */
export async function readForPairs(
  ctx: Context,
  scope: Scope,
  pairs: readonly (readonly [HeldCell, HeldCell])[],
): Promise<void> {
  const needed = new Set<HeldCell>()
  for (const [before, after] of pairs) {
    if (areBits(before, after)) continue
    for (const cell of [before, after]) if (lacksItems(cell) || cell.bits) needed.add(cell)
  }
  await readWhole(ctx, scope, [...needed])
}

/** Cells whose own interval needs items that are not in memory: several trials. */
export const readForIntervals = (ctx: Context, scope: Scope, cells: readonly HeldCell[]): Promise<void> =>
  readWhole(ctx, scope, cells.filter(lacksItems))

/** Makes the items of cells whole: of several seeds, further trials of the same items. */
export async function readWhole(ctx: Context, scope: Scope, cells: readonly HeldCell[]): Promise<void> {
  const open = cells.filter((cell) => cell.items === null && cell.row.n_items > 0)
  if (open.length === 0) return
  await readOpen(ctx, scope, open)
  const { cells: memory } = memoryOf(ctx.services)
  for (const id of new Set(open.map((cell) => cell.row.checkpoint_id))) {
    const entry = memory.get(id)
    if (entry) memory.set(id, entry, weightOf(entry))
  }
}

async function readOpen(ctx: Context, scope: Scope, open: readonly HeldCell[]): Promise<void> {
  const ofBits = open.filter((cell) => cell.bits && cell.listId !== null)
  const lists = await readLists(
    ctx,
    scope,
    ofBits.map((cell) => cell.listId ?? 0),
  )
  for (const cell of ofBits) {
    const list = lists.get(cell.listId ?? 0)
    if (list) cell.items = itemsOfBits(list, cell.bits as Bits)
  }
  const rest = open.filter((cell) => cell.items === null)
  if (rest.length === 0) return
  const items = await listSlimItems(
    ctx.db,
    scope,
    rest.flatMap((cell) => cell.evaluationIds),
  )
  for (const cell of rest) {
    const parts = cell.evaluationIds.map((id) => items.get(id) ?? [])
    cell.items = parts.every((part) => part.length > 0)
      ? parts.flatMap((part, seed) =>
          parts.length === 1
            ? part
            : part.map((item) => ({ ...item, trial: seed * TRIALS_PER_SEED + (item.trial ?? 0) })),
        )
      : []
  }
}

/** Trials of one seed are numbered below this. */
const TRIALS_PER_SEED = 1_000_000

const itemsOfBits = (list: ItemList, { words }: Bits): SlimItem[] =>
  list.ids.map((id, i) => ({
    id,
    trial: null,
    cluster: null,
    score: ((words[i >>> 5] as number) >>> (i & 31)) & 1,
    nats: null,
    bytes: null,
    tokens: null,
    pred: null,
    gold: null,
  }))

/** The interval of a cell's score. Cells of several trials must have been read whole. */
export function intervalOf(cell: HeldCell, kind: BenchmarkKind): ScoreInterval {
  if (cell.interval?.kind === kind) return cell.interval.value
  const { row, bits } = cell
  const value =
    bits && !cell.items
      ? bitInterval(bits.right, bits.n, itemFactor(bits.right / bits.n, cell.score, row.scale))
      : scoreInterval(
          {
            metric: row.metric,
            kind,
            score: cell.score,
            scale: row.scale,
            stderr: row.stderr,
            n: row.n,
            nClusters: row.n_clusters,
          },
          cell.items ?? [],
        )
  cell.interval = { kind, value }
  return value
}

/** The change between two cells of one protocol. Their items must have been read. */
export function changeOf(ctx: Context, before: HeldCell, after: HeldCell, kind: BenchmarkKind): ChangeEstimate {
  if (areBits(before, after)) {
    const [was, is] = [before.bits as Bits, after.bits as Bits]
    if (is.n >= 2) {
      const flips = countBitFlips(was.words, is.words, is.n)
      return bitChange(flips, is.n, itemFactor(is.right / is.n, after.score, after.row.scale))
    }
  }
  // Without items there is nothing to reckon long: a memory would cost more than the answer.
  if (after.row.n_items === 0 || before.row.n_items === 0)
    return changeBetween(sideOf(before, kind), sideOf(after, kind))
  const { changes } = memoryOf(ctx.services)
  const key = `${before.ids} ${after.ids}`
  const known = changes.get(key)
  if (known) return known
  const estimate = changeBetween(sideOf(before, kind), sideOf(after, kind))
  changes.set(key, estimate, 1)
  return estimate
}

const sideOf = (cell: HeldCell, kind: BenchmarkKind) => ({
  metric: cell.row.metric,
  score: cell.score,
  scale: cell.row.scale,
  se: intervalOf(cell, kind).se,
  items: cell.items ?? [],
})

/** How verdicts changed between two cells; null where items are not simply right or wrong. */
export function flipsOf(before: HeldCell, after: HeldCell): Flips | null {
  if (areBits(before, after)) {
    const { words, n } = after.bits as Bits
    return countBitFlips((before.bits as Bits).words, words, n)
  }
  return countFlips(before.items ?? [], after.items ?? [])
}
