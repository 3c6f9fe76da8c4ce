import type { CheckpointViewRow } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Checkpoint } from '#src/protocol/checkpoints.ts'
import type { Context } from '#src/services/context.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { fileAddress } from '#src/services/workspaces/addresses.ts'
import { type StageCheckpoint, stageCheckpoints } from './of-stage.ts'

/** Checkpoints as every door shows them, each with whether it is the checkpoint of its stage. */
export async function viewCheckpoints(
  ctx: Context,
  scope: Scope,
  rows: readonly CheckpointViewRow[],
): Promise<Checkpoint[]> {
  const { of } = await stageCheckpoints(ctx, scope, [...new Set(rows.map((row) => row.experiment_id))])
  return rows.map((row) => viewCheckpoint(ctx, row, of.get(row.experiment_id)))
}

const viewCheckpoint = (ctx: Context, row: CheckpointViewRow, ofStage: StageCheckpoint | undefined): Checkpoint => ({
  id: row.uid,
  experiment: refOf(row.experiment),
  run: row.run,
  attempt: row.attempt,
  step: row.step,
  tokens: row.tokens,
  sha256: row.sha256,
  size: row.size_bytes,
  location: row.location,
  metadata: row.metadata,
  files: row.files.map((file) => ({ ...file, url: fileAddress(ctx, row.uid, file.name) })),
  evaluated: row.evaluated,
  children: row.children.map(refOf),
  of_stage: ofStage?.id === row.id ? ofStage.why : null,
  created_at: instantOf(row.created_at),
  ...(row.deleted_at !== null && { deleted_at: instantOf(row.deleted_at) }),
})
