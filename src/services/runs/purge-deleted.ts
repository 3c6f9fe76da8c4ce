import { GRACE_MS, SECOND_LOOK_MS } from '#src/core/runs/retention.ts'
import type { TransactionSql } from '#src/db/clients.ts'
import { deleteArtifactsOfRun, deleteUploadsOfRun } from '#src/db/queries/artifacts/delete-with-run.ts'
import {
  deleteCheckpointsWithRun,
  deleteEvaluationsWithRun,
  setCheckpointsDeleted,
} from '#src/db/queries/checkpoints/delete-with-run.ts'
import { holdCheckpointsOfRun } from '#src/db/queries/checkpoints/hold-of-run.ts'
import { listCheckpointUses } from '#src/db/queries/checkpoints/list-uses.ts'
import { lockLineage } from '#src/db/queries/lineage/lock-lineage.ts'
import { deleteLatestOfRun } from '#src/db/queries/metrics/retention/delete-latest-of-run.ts'
import {
  countRunRows,
  deleteRunRows,
  deleteSealRow,
  RUN_TABLES,
} from '#src/db/queries/metrics/retention/delete-run-rows.ts'
import { lockSeal } from '#src/db/queries/metrics/seal/lock-seal.ts'
import { findRunById } from '#src/db/queries/runs/find-run.ts'
import { listRunsToPurge, type RunToPurge } from '#src/db/queries/runs/list-runs-to-purge.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { addPurgedRows, stripRun } from '#src/db/queries/runs/purge-run.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import { collectBlobs } from '#src/services/artifacts/collect-blobs.ts'
import { audit } from '#src/services/auth/audit.ts'
import { forgetRunInComparisons } from '#src/services/comparisons/forget-run.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { holderOf } from './delete.ts'
import { restAfter } from './rest-after.ts'
import { tellWriter } from './tell-writer.ts'

/** Rows of the data plane that one transaction deletes. */
const CHUNK_ROWS = 1_000
const EVALUATIONS_AT_ONCE = 50
const ARTIFACTS_AT_ONCE = 200
const RUNS_AT_ONCE = 50
/** How long one turn works: a shutdown waits for it, and the next one goes on. */
const TURN_MS = 4_000

export interface PurgeOptions {
  turnMs?: number
  chunkRows?: number
  /** Between two chunks: by default as long as the last one took, so that half of the time belongs to others. */
  rest?: (chunkMs: number) => Promise<void>
}

/** The work left of one turn. */
interface Turn {
  untilMs: number
  chunkRows: number
  rest: (chunkMs: number) => Promise<void>
}

const isOver = (turn: Turn): boolean => performance.now() >= turn.untilMs

/**
 * Deletes what deleted runs left behind once it is due, in chunks of one transaction each under the lock of the run's seal; for the
 * clock. Of a run stays that it was there, and those of its checkpoints that somebody needs: a stage that starts from one, a pin, a job
 * that has not ended. Killed at any point, the next turn goes on. A minute after its end each is looked at once more, for a batch that
 * was under way.
 *
 * @returns how many runs are done with
 */
export async function purgeDeletedRuns(ctx: Context, options: PurgeOptions = {}): Promise<number> {
  invariant(ctx.actor.kind === 'clock', 'only the clock deletes for good')
  const turn: Turn = {
    untilMs: performance.now() + (options.turnMs ?? TURN_MS),
    chunkRows: options.chunkRows ?? CHUNK_ROWS,
    rest: options.rest ?? restAfter,
  }
  const now = ctx.services.now().toISOString()
  const due = await listRunsToPurge(ctx.db, {
    now,
    graceMs: GRACE_MS,
    secondLookMs: SECOND_LOOK_MS,
    limit: RUNS_AT_ONCE,
  })
  let done = 0
  for (const run of due) {
    if (isOver(turn)) break
    if (await purge(ctx, run, turn)) done++
  }
  return done
}

/** @returns false when there is work left for the next turn, or it was restored meanwhile */
async function purge(ctx: Context, run: RunToPurge, turn: Turn): Promise<boolean> {
  const scope = projectScope(run.workspace_id, run.project_id)
  if (!run.is_started && !(await begin(ctx, scope, run.id))) return false
  // Once more with each turn: a crash may have left it untold, and what came to memory since was read from what is going.
  await tellWriter(ctx, run.id, { ...(await holderOf(ctx, scope, run.id)), state: 'deleted' })
  ctx.services.metrics.forget([run.id])
  if (!(await deleteData(ctx, scope, run.id, turn))) return false
  if (run.is_purged) {
    await updateRun(ctx.db, scope, run.id, { purgeCheckedAt: ctx.services.now().toISOString() })
    return true
  }
  if (!(await deleteBelongings(ctx, scope, run.id, turn))) return false
  await inTransaction(ctx, async (tx) => {
    const held = await lockRun(tx.db, scope, run.id)
    await forgetRunInComparisons(tx, scope, run.id)
    await deleteCheckpointsWithRun(tx.db, scope, run.id)
    await stripRun(tx.db, scope, run.id, ctx.services.now().toISOString())
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'run.purge',
      resource: `run:${held.uid}`,
      detail: { number: held.number, rows: held.purgeRowsDone },
    })
  })
  await collectBlobs(ctx, turn.untilMs)
  tellState(ctx, scope, run.id)
  return true
}

/**
 * The point of no return. Checkpoints that nobody needs are deleted with it, so that nobody comes to need one from then on.
 *
 * @returns false when it was restored meanwhile
 */
function begin(ctx: Context, scope: ProjectScope, runId: number): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    await lockLineage(tx.db, scope)
    const held = await lockRun(tx.db, scope, runId)
    if (held.deletedAt === null) return false
    const now = ctx.services.now().toISOString()
    const all = await holdCheckpointsOfRun(tx.db, scope, runId)
    const used = new Set((await listCheckpointUses(tx.db, scope, all)).map((use) => use.checkpoint_id))
    const unused = all.filter((id) => !used.has(id))
    await setCheckpointsDeleted(tx.db, scope, unused, now)
    await updateRun(tx.db, scope, runId, { purgeStartedAt: now })
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'run.purge_start',
      resource: `run:${held.uid}`,
      detail: { checkpoints_deleted: unused.length, checkpoints_kept: used.size },
    })
    return true
  })
}

/** The metrics store's part: data plane in chunks, then the summaries. */
async function deleteData(ctx: Context, scope: ProjectScope, runId: number, turn: Turn): Promise<boolean> {
  const { sql } = ctx.services
  const left = await countRunRows(sql, runId)
  if (left > 0) {
    const run = await findRunById(ctx.db, scope, runId)
    invariant(run, 'the mark of a deleted run stays')
    const { purgeRows, purgeRowsDone } = run
    if (purgeRows === null || purgeRows < purgeRowsDone + left)
      await updateRun(ctx.db, scope, runId, { purgeRows: purgeRowsDone + left })
    for (const table of RUN_TABLES) {
      let deleted: number
      do {
        if (isOver(turn)) return false
        const startedMs = performance.now()
        deleted = await chunk(ctx, runId, (tx) => deleteRunRows(tx, table, runId, turn.chunkRows))
        if (deleted > 0) {
          await addPurgedRows(ctx.db, scope, runId, deleted)
          await turn.rest(performance.now() - startedMs)
        }
      } while (deleted === turn.chunkRows)
    }
    await chunk(ctx, runId, (tx) => deleteSealRow(tx, runId))
  }
  await deleteLatestOfRun(sql, runId)
  return true
}

const chunk = <T>(ctx: Context, runId: number, work: (tx: TransactionSql) => Promise<T>): Promise<T> =>
  ctx.services.sql.begin(async (tx) => {
    await lockSeal(tx, runId)
    return work(tx)
  }) as Promise<T>

/** The control plane's part, as far as it may be large: evaluations, artifacts, uploads under way. */
async function deleteBelongings(ctx: Context, scope: ProjectScope, runId: number, turn: Turn): Promise<boolean> {
  while ((await deleteEvaluationsWithRun(ctx.db, scope, runId, EVALUATIONS_AT_ONCE)) === EVALUATIONS_AT_ONCE)
    if (isOver(turn)) return false
  for (const upload of await deleteUploadsOfRun(ctx.db, scope, runId)) await ctx.services.blobs.discardUpload(upload)
  while ((await deleteArtifactsOfRun(ctx.db, scope, runId, ARTIFACTS_AT_ONCE)) === ARTIFACTS_AT_ONCE)
    if (isOver(turn)) return false
  return true
}
