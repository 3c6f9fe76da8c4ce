import { createHash } from 'node:crypto'
import { manifestText } from '#src/core/checkpoints/manifest.ts'
import { CONFIG_BYTES_MAX, objectionToJson } from '#src/core/runs/free-json.ts'
import { redact } from '#src/core/runs/redact.ts'
import { findCheckpointAt } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import { insertCheckpoint } from '#src/db/queries/checkpoints/insert-checkpoint.ts'
import { knownFiles } from '#src/db/queries/checkpoints/known-files.ts'
import type { CheckpointRow } from '#src/db/queries/checkpoints/locate-checkpoint.ts'
import { findAttempt } from '#src/db/queries/runs/attempts.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Checkpoint, CheckpointInput } from '#src/protocol/checkpoints.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { newUid } from '#src/services/new-uid.ts'
import { openRun } from '#src/services/runs/open.ts'
import { refuseStaleHolder } from '#src/services/runs/refuse-stale.ts'
import { viewCheckpointById } from './get.ts'
import { keepCheckpointMetrics } from './keep-metrics.ts'

/**
 * Commits a checkpoint: its manifest is the commit, a checkpoint without it does not exist. Files must have been uploaded as
 * artifacts of the run, unless they lie elsewhere (`location`). The same checkpoint again is answered as it is.
 *
 * @throws Refusal `invalid_request` for an attempt that never began, files that were not uploaded, or none at all; `conflict` when
 *   this step of the attempt was committed with other files; `not_found`, `run_deleted`, `stale_fence`, `forbidden`
 */
export async function commitCheckpoint(
  ctx: Context,
  input: CheckpointInput & { run: string },
): Promise<{ created: boolean; checkpoint: Checkpoint }> {
  const { scope, run } = await openRun(ctx, input.run, 'checkpoint:write')
  await refuseStaleHolder(ctx, scope, run.id, input.attempt)
  refuseManifest(input)
  const sha256 = input.files.length > 0 ? createHash('sha256').update(manifestText(input.files)).digest('hex') : null
  const { created, row } = await inTransaction(ctx, async (tx) => {
    // The run may have been moved to another experiment since it was opened.
    const { experimentId } = await lockRun(tx.db, scope, run.id)
    const at = { runId: run.id, attempt: input.attempt, step: input.step }
    const known = await findCheckpointAt(tx.db, scope, at)
    if (known) return { created: false, row: sameOrRefuse(known, sha256, input) }
    if (!(await findAttempt(tx.db, scope, run.id, input.attempt)))
      throw invalid('/attempt', `Attempt ${input.attempt} of run ${run.number} has not begun; start it first.`)
    if (!input.location) await refuseUnknownFiles(tx, scope, run.id, input)
    const made = await insertCheckpoint(
      tx.db,
      scope,
      {
        ...at,
        uid: newUid(ctx),
        experimentId,
        tokens: input.tokens ?? null,
        location: input.location ?? null,
        sha256,
        sizeBytes: input.files.reduce((sum, file) => sum + file.size, 0),
        metadata: redact(input.metadata) as Record<string, unknown>,
      },
      input.files.map(({ name, sha256, size }) => ({ name, sha256, sizeBytes: size })),
    )
    await updateRun(tx.db, scope, run.id, progressOf(run, input))
    return { created: true, row: made }
  })
  if (created) {
    await keepCheckpointMetrics(ctx, scope, run.id, [row])
    tellState(ctx, scope, run.id)
  }
  return { created, checkpoint: await viewCheckpointById(ctx, scope, row.id) }
}

function refuseManifest(input: CheckpointInput): void {
  if (input.files.length === 0 && !input.location)
    throw invalid('/files', 'A checkpoint names its files, or a location where its weights lie.')
  const names = new Set<string>()
  for (const [i, { name }] of input.files.entries()) {
    if (names.has(name)) throw invalid(`/files/${i}/name`, `The file "${name}" is named twice.`)
    names.add(name)
  }
  const objection = objectionToJson(input.metadata, '/metadata', CONFIG_BYTES_MAX)
  if (objection) throw invalid(objection.pointer, objection.message)
}

async function refuseUnknownFiles(
  tx: Context,
  scope: ProjectScope,
  runId: number,
  input: CheckpointInput,
): Promise<void> {
  const known = await knownFiles(
    tx.db,
    scope,
    runId,
    input.files.map((file) => file.sha256),
  )
  const errors = input.files.flatMap((file, i) => {
    const size = known.get(file.sha256)
    if (size === file.size) return []
    const message =
      size === undefined
        ? `The file "${file.name}" (${file.sha256.slice(0, 12)}…) was not uploaded to this run; upload it as an artifact first.`
        : `The file "${file.name}" has ${size} bytes, the manifest says ${file.size}.`
    return [{ pointer: `/files/${i}`, message }]
  })
  if (errors[0]) throw new Refusal('invalid_request', errors[0].message, { errors: errors.slice(0, 20) })
}

function sameOrRefuse(known: CheckpointRow, sha256: string | null, input: CheckpointInput): CheckpointRow {
  if (known.sha256 === sha256 && (sha256 !== null || known.location === input.location)) return known
  throw new Refusal(
    'conflict',
    `Step ${input.step} of attempt ${input.attempt} has a checkpoint with other files already. Save under another step, or begin a new attempt.`,
  )
}

const progressOf = (run: { tokens: number | null; lastStep: number | null }, input: CheckpointInput) => ({
  lastStep: Math.max(run.lastStep ?? 0, input.step),
  ...(typeof input.tokens === 'number' && { tokens: Math.max(run.tokens ?? 0, input.tokens) }),
})
