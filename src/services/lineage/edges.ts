import type { EdgeViewRow } from '#src/db/queries/lineage/list-edges.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import { refOf } from '#src/services/experiments/view.ts'

/** An edge as every door shows it. */
export const viewEdge = (row: EdgeViewRow): Edge => ({
  id: row.id,
  kind: row.kind,
  child: refOf(row.child),
  parent: refOf(row.parent),
  checkpoint: row.checkpoint_uid === null ? null : { id: row.checkpoint_uid, step: row.checkpoint_step ?? 0 },
  weight: row.weight,
  note: row.note,
  inferred: row.inferred,
})
