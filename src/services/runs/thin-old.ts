import { THINNING_WAIT_MS } from '#src/core/runs/retention.ts'
import type { TransactionSql } from '#src/db/clients.ts'
import {
  dropRawBlocks,
  dropUnusedAxes,
  hasTail,
  listRawSeries,
  noteRewrite,
  type RawSeries,
} from '#src/db/queries/metrics/retention/drop-raw-blocks.ts'
import { lockSeal } from '#src/db/queries/metrics/seal/lock-seal.ts'
import { listRunsToThin, markRunsToThin, type RunToThin } from '#src/db/queries/runs/thinning.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import { projectScope } from '#src/db/scope.ts'
import { audit } from '#src/services/auth/audit.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { restAfter } from './rest-after.ts'

/** Blocks that one transaction deletes. */
const CHUNK_BLOCKS = 1_000
const RUNS_AT_ONCE = 200
const TURN_MS = 4_000

export interface ThinOptions {
  turnMs?: number
  chunkBlocks?: number
  /** Between two chunks: by default as long as the last one took. */
  rest?: (chunkMs: number) => Promise<void>
}

/**
 * Thins runs of projects that ask for it, once they ended long enough ago: raw points go, levels of detail stay, in chunks of one
 * transaction each under the lock of the run's seal; for the clock. First a run is marked, and points of its attempts are refused; three
 * minutes later, when all that was let in before is stored, its raw points go. A run whose tail is not sealed waits. Killed at any
 * point, the next turn goes on.
 *
 * @returns how many runs were thinned
 */
export async function thinOldRuns(ctx: Context, options: ThinOptions = {}): Promise<number> {
  invariant(ctx.actor.kind === 'clock', 'only the clock thins')
  const untilMs = performance.now() + (options.turnMs ?? TURN_MS)
  const now = ctx.services.now().toISOString()
  await markRunsToThin(ctx.db, { now, limit: RUNS_AT_ONCE })
  let thinned = 0
  for (const run of await listRunsToThin(ctx.db, { now, waitMs: THINNING_WAIT_MS, limit: RUNS_AT_ONCE })) {
    if (performance.now() >= untilMs) break
    if (await thin(ctx, run, { untilMs, ...options })) thinned++
  }
  return thinned
}

/** @returns false when it has to wait for its seal, or there is work left for the next turn */
async function thin(ctx: Context, run: RunToThin, turn: ThinOptions & { untilMs: number }): Promise<boolean> {
  const pieces = piecesOf(
    await listRawSeries(ctx.services.sql, run.id, run.thinned_attempt),
    turn.chunkBlocks ?? CHUNK_BLOCKS,
  )
  let blocks = 0
  for (const [i, piece] of pieces.entries()) {
    if (performance.now() >= turn.untilMs) return false
    const startedMs = performance.now()
    const dropped = await dropPiece(ctx, run, piece, i === pieces.length - 1)
    if (dropped === 'waits') return false
    ctx.services.metrics.readAnew([run.id])
    blocks += dropped
    if (i < pieces.length - 1) await (turn.rest ?? restAfter)(performance.now() - startedMs)
  }
  const scope = projectScope(run.workspace_id, run.project_id)
  await inTransaction(ctx, async (tx) => {
    await updateRun(tx.db, scope, run.id, { thinnedAt: ctx.services.now().toISOString() })
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'run.thin',
      resource: `run:${run.uid}`,
      detail: { attempt: run.thinned_attempt, blocks },
    })
  })
  tellState(ctx, scope, run.id)
  return true
}

/** Blocks of one series, from `from` up to `to`. */
interface Stretch {
  series: RawSeries
  from: number
  to: number
}

/**
 * Stretches of blocks, put together so that each piece has at most `limit` blocks, the first block of a series behind its others. One
 * empty piece at the end, where the axes that nothing points to any more go.
 */
function piecesOf(all: readonly RawSeries[], limit: number): Stretch[][] {
  const pieces: Stretch[][] = []
  let piece: Stretch[] = []
  let room = limit
  for (const series of all)
    for (let to = series.end; to > 0; ) {
      const from = Math.max(0, to - room)
      piece.push({ series, from, to })
      room -= to - from
      to = from
      if (room > 0) continue
      pieces.push(piece)
      piece = []
      room = limit
    }
  return [...pieces, piece]
}

/** One transaction. */
function dropPiece(
  ctx: Context,
  run: RunToThin,
  piece: readonly Stretch[],
  isLast: boolean,
): Promise<number | 'waits'> {
  const work = async (tx: TransactionSql): Promise<number | 'waits'> => {
    await lockSeal(tx, run.id)
    if (await hasTail(tx, run.id)) return 'waits'
    let blocks = 0
    for (const { series, ...range } of piece) blocks += await dropRawBlocks(tx, run.id, series, range)
    const axes = isLast ? await dropUnusedAxes(tx, run.id, run.thinned_attempt) : 0
    if (blocks + axes > 0) await noteRewrite(tx, run.id)
    return blocks
  }
  return ctx.services.sql.begin(work) as Promise<number | 'waits'>
}
