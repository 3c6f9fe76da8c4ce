import { groupBy } from '#src/core/lineage/group-by.ts'
import { firstOf, TOKEN_KEYS } from '#src/core/lineage/loss-keys.ts'
import {
  deviceHoursAtStart,
  type LineageStart,
  type StartCheckpoint,
  tokensAtStart,
} from '#src/core/lineage/start-values.ts'
import { edgesByChild } from '#src/core/lineage/weight-path.ts'
import type { LineageAxis } from '#src/core/metrics/chart-choices.ts'
import type { HourlySpan } from '#src/core/metrics/x-axis.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import { type AncestorEdge, listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { listRoots } from '#src/db/queries/lineage/list-roots.ts'
import { listRunPlaces } from '#src/db/queries/lineage/list-run-places.ts'
import { listStartCheckpoints } from '#src/db/queries/lineage/list-start-checkpoints.ts'
import { listAllocations } from '#src/db/queries/runs/allocations.ts'
import type { Scope } from '#src/db/scope.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import type { Above } from './above-runs.ts'
import { startFlops } from './start-flops.ts'
import { startMoney } from './start-money.ts'

/**
 * Where runs of one project begin on the axes of their lineage, by run id; in a fixed number of statements. Parents may lie in other
 * projects of the workspace.
 *
 * @param axis FLOPs and money are told where they are this axis
 */
export async function lineageStarts(
  ctx: Context,
  scope: Scope,
  runIds: readonly number[],
  axis?: LineageAxis,
): Promise<Map<number, LineageStart>> {
  const { db } = ctx
  const places = await listRunPlaces(db, scope, runIds)
  const own = [...new Set(places.map((run) => run.experimentId))]
  const edges = await listAncestorEdges(db, scope, own)
  const parents = [...new Set(edges.map((edge) => edge.parent))]
  const [rootRows, stages] = await Promise.all([
    listRoots(db, scope, [...new Set([...own, ...parents])]),
    stageCheckpoints(ctx, scope, parents),
  ])
  const checkpointIdOf = (edge: AncestorEdge) => edge.checkpointId ?? stages.of.get(edge.parent)?.id
  const named = [...new Set(edges.flatMap((edge) => checkpointIdOf(edge) ?? []))]
  const checkpoints = new Map(
    (await listStartCheckpoints(db, scope, named, TOKEN_KEYS)).map((row) => [
      row.id,
      { runId: row.run_id, tokens: row.tokens, createdAtMs: millisOf(row.created_at) } satisfies StartCheckpoint,
    ]),
  )
  const ancestors = [...new Set([...checkpoints.values()].flatMap((c) => c.runId ?? []))]
  const all = [...new Set([...runIds, ...ancestors])]
  const [allocations, ancestorPlaces, summaries] = await Promise.all([
    listAllocations(db, scope, all),
    listRunPlaces(db, scope, ancestors),
    ctx.services.metrics.summaries(scope.workspaceId, all, [...TOKEN_KEYS]),
  ])
  const hardware = groupBy(allocations, (a) => a.runId)
  const runs = new Map([...places, ...ancestorPlaces].map((run) => [run.id, run]))

  /** Null when the run tells no hardware at all. */
  const held = (runId: number, kind: 'gpu' | 'cpu'): HourlySpan[] | null => {
    const mine = hardware.get(runId)
    const run = runs.get(runId)
    if (!mine || !run) return null
    const isLive = run.state === 'running' || run.state === 'lost'
    return mine
      .filter((a) => a.deviceKind === kind)
      .map(({ startedAt, endedAt, count }) => {
        const end = endedAt ?? (isLive ? null : (run.endedAt ?? startedAt))
        return { startMs: millisOf(startedAt), endMs: end === null ? null : millisOf(end), perHour: count }
      })
  }
  const roots = new Map(rootRows.map((row) => [row.id, row]))
  const graph: Above['graph'] = {
    edges: edgesByChild(edges),
    roots: new Map(rootRows.map((row) => [row.id, row.rootKind])),
    isMerge: (id) => roots.get(id)?.stageKind === 'merge',
    checkpointOf: (edge) => checkpoints.get(checkpointIdOf(edge) ?? -1) ?? null,
    firstTokens: (runId) => counterOf(summaries.get(runId)).first,
  }
  const above: Above = { runs, own: places.map(({ id }) => id), edges, roots, checkpointIdOf, graph }
  const flops = axis === 'lineage_flops' ? await startFlops(ctx, scope, above) : null
  const money = axis === 'lineage_cost' ? await startMoney(ctx, scope, above) : null

  const tokensBefore = tokensAtStart(graph)
  const ofKind = { gpu: new Map<number, number | null>(), cpu: new Map<number, number | null>() }
  /** Told once of each stage: runs of one stage have the same behind them. */
  const hoursBefore = (experimentId: number, kind: 'gpu' | 'cpu'): number | null => {
    const known = ofKind[kind].get(experimentId)
    if (known !== undefined) return known
    const hours = deviceHoursAtStart({ ...graph, held: (runId) => held(runId, kind) }, experimentId)
    ofKind[kind].set(experimentId, hours)
    return hours
  }
  return new Map(
    places.map(({ id, experimentId }) => {
      const mine = hardware.get(id) ?? []
      const deviceKind = mine.some((a) => a.deviceKind === 'gpu') ? 'gpu' : (mine[0]?.deviceKind ?? null)
      const kind = deviceKind ?? 'cpu'
      const tokens = tokensBefore(experimentId)
      const counter = counterOf(summaries.get(id))
      const [ownFlops, ownMoney] = [flops?.get(id), money?.get(id)]
      return [
        id,
        {
          tokens,
          tokensKey: counter.key,
          tokensOffset: tokens !== null && counter.first !== null && counter.first >= tokens ? 0 : tokens,
          deviceHours: deviceKind === null ? null : hoursBefore(experimentId, kind),
          deviceKind,
          held: deviceKind === null ? [] : (held(id, deviceKind) ?? []),
          ...(ownFlops && { flops: ownFlops }),
          ...(ownMoney && { money: ownMoney }),
        },
      ]
    }),
  )
}

/** Why a run cannot be drawn over an axis of its lineage, in words that end a sentence; null when it can. */
export function whyWithoutPlace(start: LineageStart, x: LineageAxis): string | null {
  switch (x) {
    case 'lineage_device_hours':
      if (start.deviceKind === null) return 'no hardware was told'
      return start.deviceHours === null ? 'an ancestor of the weights tells no hardware' : null
    case 'lineage_cost':
      return start.money === undefined || 'why' in start.money ? (start.money?.why ?? 'no cost was reckoned') : null
    case 'lineage_flops':
      if (start.flops === undefined || 'why' in start.flops) return start.flops?.why ?? 'no FLOPs were reckoned'
      break
  }
  if (start.tokensKey === null) return `no tokens were logged, as ${TOKEN_KEYS[0]}, ${TOKEN_KEYS[1]} or the like`
  return start.tokens === null ? 'an ancestor of the weights tells no tokens' : null
}

/** The metric in which a run counts its tokens, with the first value. */
function counterOf(summaries: readonly MetricSummary[] = []): { key: string | null; first: number | null } {
  const found = firstOf(TOKEN_KEYS, (key) => summaries.find((summary) => summary.key === key))
  const first = found?.first_value
  return { key: found?.key ?? null, first: typeof first === 'number' && Number.isFinite(first) ? first : null }
}
