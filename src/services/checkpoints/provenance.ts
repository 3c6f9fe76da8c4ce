import { ancestorsByWeight, principalEdge } from '#src/core/lineage/weight-path.ts'
import { type CheckpointViewRow, listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import { listExperimentsByIds, type PlacedExperiment } from '#src/db/queries/experiments/list-by-ids.ts'
import { listMixtures } from '#src/db/queries/experiments/list-mixtures.ts'
import { listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { type EdgeViewRow, listEdgesInto } from '#src/db/queries/lineage/list-edges.ts'
import type { Provenance, ProvenanceStage } from '#src/protocol/provenance.ts'
import { authorize, permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { type CheckpointCost, getCheckpointCost } from '#src/services/cost/checkpoint-cost.ts'
import { invariant, notFound } from '#src/services/errors.ts'
import { measure } from '#src/services/evaluations/measure.ts'
import { viewEvaluation } from '#src/services/evaluations/view.ts'
import { refOfRow, viewSource } from '#src/services/experiments/view.ts'
import { viewEdge } from '#src/services/lineage/edges.ts'
import { workspaceSlug } from '#src/services/workspaces/addresses.ts'
import { stageCheckpoints } from './of-stage.ts'
import { openCheckpoint } from './open.ts'
import { viewCheckpoints } from './view.ts'
import { writingRuns } from './writing-runs.ts'

/**
 * Where a checkpoint came from: the stages from which its weights passed, root first, each with the checkpoint that it handed on, the run
 * that wrote that, its code, data, hardware and money; and what was measured on the checkpoint. A deleted one still answers.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getProvenance(
  ctx: Context,
  input: { workspace?: string | undefined; checkpoint: string },
): Promise<Provenance> {
  const { scope, checkpoint } = await openCheckpoint(ctx, input.checkpoint, 'checkpoint:read', { deleted: 'allow' })
  if (input.workspace !== undefined && input.workspace !== (await workspaceSlug(ctx, scope)))
    throw notFound('This checkpoint')
  for (const permission of ['experiment:read', 'run:read', 'eval:read'] as const)
    authorize(ctx.actor, permission, scope)
  const maySeeCost = permissionsIn(ctx.actor, scope)?.includes('cost:read') ?? false
  const { experimentId } = checkpoint
  const above = await listAncestorEdges(ctx.db, scope, [experimentId])
  const path = [...ancestorsByWeight(above, experimentId).reverse(), experimentId]
  const [rows, mixtures, { of: ends }, evaluations, cost, edges] = await Promise.all([
    listExperimentsByIds(ctx.db, scope, path),
    listMixtures(ctx.db, scope, path),
    stageCheckpoints(ctx, scope, path),
    listEvaluations(ctx.db, scope, { checkpointIds: [checkpoint.id] }),
    maySeeCost ? getCheckpointCost(ctx, scope, { ...checkpoint, why: 'pinned' }) : null,
    listEdgesInto(ctx.db, scope, path),
  ])
  // What each stage handed on: what the edge to the next one names, else its own checkpoint.
  const handedOn = new Map(
    path.map((id, i) => {
      const next = path[i + 1]
      const edge = next === undefined ? null : principalEdge(above, next)
      return [id, next === undefined ? checkpoint.id : (edge?.checkpointId ?? ends.get(id)?.id ?? null)]
    }),
  )
  const known = await listCheckpoints(ctx.db, scope, { ids: [...handedOn.values()].filter((id) => id !== null) })
  const byId = new Map(known.map((row) => [row.id, row]))
  const runs = await writingRuns(ctx, scope, known)
  const own = byId.get(checkpoint.id)
  invariant(own, 'a proven checkpoint is there')
  const [[view], measured] = await Promise.all([viewCheckpoints(ctx, scope, [own]), measure(ctx, scope, evaluations)])
  invariant(view, 'a checkpoint that was read is shown')
  return {
    checkpoint: view,
    stages: path.flatMap((id, i) => {
      const row = rows.find((one) => one.id === id)
      const handed = byId.get(handedOn.get(id) ?? -1) ?? null
      if (!row) return []
      const before = path[i - 1] ?? null
      return [
        {
          ...stageOf(row, { handed, before, edges, cost }),
          run: (handed && runs.get(handed.id)) ?? null,
          data: mixtures.filter((source) => source.experimentId === id).map(viewSource),
        },
      ]
    }),
    cost: cost?.total ?? null,
    evaluations: measured.map(({ row, interval }) => viewEvaluation(row, interval)),
  }
}

function stageOf(
  row: PlacedExperiment,
  at: {
    handed: CheckpointViewRow | null
    /** The stage before it on the path; null at the root. */
    before: number | null
    edges: readonly EdgeViewRow[]
    cost: CheckpointCost | null
  },
): Omit<ProvenanceStage, 'run' | 'data'> {
  const { handed, before } = at
  const parents = at.edges.filter((edge) => edge.child.id === row.id)
  const paths = parents.map(({ kind, weight, parent }) => ({ child: row.id, parent: parent.id, kind, weight }))
  const way = principalEdge(paths, row.id)
  const from = parents.find(({ kind, parent }) => way !== null && kind === way.kind && parent.id === before)
  return {
    experiment: refOfRow(row, row.project),
    method: row.method,
    objective: row.objective,
    from: from ? { kind: from.kind, weight: from.weight, note: from.note, inferred: from.inferred } : null,
    root_kind: row.rootKind,
    root: row.root,
    checkpoint: handed && {
      id: handed.uid,
      step: handed.step,
      tokens: handed.tokens,
      sha256: handed.sha256,
      location: handed.location,
    },
    beside: parents.filter((edge) => edge !== from).map(viewEdge),
    cost: at.cost && (at.cost.ofStage.get(row.id) ?? (isFromElsewhere(row.rootKind) ? null : NOTHING_SPENT)),
  }
}

/** What others spent on the weights is not told: that is not nothing. */
const isFromElsewhere = (rootKind: PlacedExperiment['rootKind']): boolean =>
  rootKind === 'external_base' || rootKind === 'api_model'

const NOTHING_SPENT = { amounts: [], lacks: [], runs_lacking: 0, assumed: false }
