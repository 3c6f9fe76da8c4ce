import type { ArtifactRow } from '#src/db/queries/artifacts/artifacts.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import type { Artifact } from '#src/protocol/checkpoints.ts'
import type { Context } from '#src/services/context.ts'
import { artifactAddress } from '#src/services/workspaces/addresses.ts'

/** An artifact as every door shows it. */
export const viewArtifact = (ctx: Context, row: ArtifactRow, run: { uid: string; number: number }): Artifact => ({
  id: row.uid,
  run: { uid: run.uid, number: run.number },
  name: row.name,
  type: row.type,
  sha256: row.sha256,
  size: row.sizeBytes,
  key: row.key,
  step: row.step,
  created_at: instantOf(row.createdAt),
  url: artifactAddress(ctx, row.uid),
})
