import { groupBy } from '#src/core/lineage/group-by.ts'
import { firstOf, TOKEN_KEYS } from '#src/core/lineage/loss-keys.ts'
import { stageTokens } from '#src/core/lineage/stage-tokens.ts'
import { allWeightAncestors, ancestorsByWeight, principalEdge } from '#src/core/lineage/weight-path.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { type BenchmarkRoleRow, listBenchmarkRoles } from '#src/db/queries/experiments/list-benchmark-roles.ts'
import { listExperimentsByIds, type PlacedExperiment } from '#src/db/queries/experiments/list-by-ids.ts'
import { listMixtures, type MixtureRow } from '#src/db/queries/experiments/list-mixtures.ts'
import { type AncestorEdge, listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { type HeldDeviceRow, listHeldDevices } from '#src/db/queries/runs/list-held-devices.ts'
import { listSpeakingRuns, type SpeakingRunRow } from '#src/db/queries/runs/list-speaking-runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import { type StageCheckpoint, stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { cellsOfCheckpoints } from '#src/services/lineage/gather.ts'

/** A stage with what was recorded of it. */
export interface RecordedStage {
  row: PlacedExperiment
  checkpoint: StageCheckpoint | null
  /** Where its checkpoint lies elsewhere; null: nowhere that was told. */
  location: string | null
  /** Of its checkpoint, the newest first. */
  cells: readonly Cell[]
  run: SpeakingRunRow | null
  held: readonly HeldDeviceRow[]
  mixture: readonly MixtureRow[]
  roles: readonly BenchmarkRoleRow[]
  /** Consumed by this stage alone; null: nobody counted. */
  tokens: number | null
  /** Running total along its path. */
  tokensTotal: number | null
  parents: readonly AncestorEdge[]
}

/** Stages and all from which their weights came, over any number of projects of the workspace. */
export interface Ancestry {
  stages: ReadonlyMap<number, RecordedStage>
  edges: readonly AncestorEdge[]
  /** From the root to the stage, over principal parents. */
  pathTo(id: number): RecordedStage[]
  /** The stage last, each weight ancestor after all of its own. */
  orderTo(id: number): RecordedStage[]
}

/** Reads the stages with these ids and their weight ancestors, in a fixed number of statements. Who may see them is shown before. */
export async function gatherAncestry(ctx: Context, scope: ProjectScope, ids: readonly number[]): Promise<Ancestry> {
  const edges = await listAncestorEdges(ctx.db, scope, ids)
  const all = new Set(ids.flatMap((id) => [id, ...allWeightAncestors(edges, id)]))
  const list = [...all]
  const [rows, { of }, runs, held, mixtures, roles] = await Promise.all([
    listExperimentsByIds(ctx.db, scope, list),
    stageCheckpoints(ctx, scope, list),
    listSpeakingRuns(ctx.db, scope, list),
    listHeldDevices(ctx.db, scope, list),
    listMixtures(ctx.db, scope, list),
    listBenchmarkRoles(ctx.db, scope, list),
  ])
  const checkpointIds = [...of.values()].map((checkpoint) => checkpoint.id)
  const [cells, checkpoints, summaries] = await Promise.all([
    cellsOfCheckpoints(ctx, scope, checkpointIds),
    listCheckpoints(ctx.db, scope, { ids: checkpointIds }, checkpointIds.length),
    ctx.services.metrics.summaries(
      scope.workspaceId,
      runs.map((run) => run.id),
      [...TOKEN_KEYS],
    ),
  ])
  const locations = new Map(checkpoints.map((row) => [row.id, row.location]))
  const runOf = new Map(runs.map((run) => [run.experiment_id, run]))
  const [heldBy, mixtureOf, rolesOf] = [
    groupBy(held, (row) => row.experiment_id),
    groupBy(mixtures, (row) => row.experimentId),
    groupBy(roles, (row) => row.experimentId),
  ]
  const parentsOf = groupBy(edges, (edge) => edge.child)
  const tokensOf = tokenCounter(edges, of, runOf, summaries)
  const stages = new Map(
    rows.map((row) => {
      const checkpoint = of.get(row.id) ?? null
      const tokens = tokensOf(row.id)
      const stage: RecordedStage = {
        row,
        checkpoint,
        location: (checkpoint && locations.get(checkpoint.id)) ?? null,
        cells: (checkpoint && cells.get(checkpoint.id)) ?? [],
        run: runOf.get(row.id) ?? null,
        held: heldBy.get(row.id) ?? [],
        mixture: mixtureOf.get(row.id) ?? [],
        roles: rolesOf.get(row.id) ?? [],
        tokens: tokens.own,
        tokensTotal: tokens.total,
        parents: parentsOf.get(row.id) ?? [],
      }
      return [row.id, stage]
    }),
  )
  const present = (list: readonly number[]) => list.flatMap((id) => stages.get(id) ?? [])
  return {
    stages,
    edges,
    pathTo: (id) => present([...ancestorsByWeight(edges, id).reverse(), id]),
    orderTo: (id) => present(parentsFirst(edges, id)),
  }
}

/** The stage last, each ancestor after its own; a cycle in damaged data is cut. */
function parentsFirst(edges: readonly AncestorEdge[], id: number): number[] {
  const ancestors = allWeightAncestors(edges, id)
  const depth = new Map<number, number>()
  const depthOf = (at: number, seen: ReadonlySet<number>): number => {
    const known = depth.get(at)
    if (known !== undefined) return known
    const above = edges.filter((edge) => edge.child === at && ancestors.has(edge.parent) && !seen.has(edge.parent))
    const found = Math.max(-1, ...above.map((edge) => depthOf(edge.parent, new Set([...seen, at])))) + 1
    depth.set(at, found)
    return found
  }
  return [...ancestors, id].sort((a, b) => depthOf(a, new Set()) - depthOf(b, new Set()) || a - b)
}

/** Tokens of a stage alone and along its path, worked out once each. */
function tokenCounter(
  edges: readonly AncestorEdge[],
  of: ReadonlyMap<number, StageCheckpoint>,
  runs: ReadonlyMap<number, SpeakingRunRow>,
  summaries: ReadonlyMap<number, MetricSummary[]>,
): (id: number) => { own: number | null; total: number | null } {
  const known = new Map<number, { own: number | null; total: number | null }>()
  return function tokensOf(id) {
    const found = known.get(id)
    if (found) return found
    // A cycle in damaged data stays unknown.
    known.set(id, { own: null, total: null })
    const edge = principalEdge(edges, id)
    const before = edge ? (of.get(edge.parent)?.tokens ?? tokensOf(edge.parent).total) : null
    const run = runs.get(id)
    const counter = run && firstOf(TOKEN_KEYS, (key) => summaries.get(run.id)?.find((s) => s.key === key))
    const counts = [finite(counter?.last_value), run?.tokens, of.get(id)?.tokens].filter((v) => typeof v === 'number')
    const last = counts.length > 0 ? Math.max(...counts) : null
    const tokens = stageTokens({ first: finite(counter?.first_value), last }, before)
    known.set(id, tokens)
    return tokens
  }
}

const finite = (value: MetricSummary['last_value'] | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null
