import { costAncestors } from '#src/core/cost/leaves.ts'
import type { LedgerItem } from '#src/core/cost/ledger.ts'
import { lineageCost } from '#src/core/cost/lineage-cost.ts'
import { NOTHING, shareTally, sumTallies, type Tally } from '#src/core/cost/tally.ts'
import type { SegmentKind } from '#src/core/cost/work.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { listCostStageIds } from '#src/db/queries/cost/list-cost-stages.ts'
import type { COST_VIEWS, CostAsk, LineageCost } from '#src/protocol/cost.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, invariant, notFound } from '#src/services/errors.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { type Gathered, gatherCost } from './gather.ts'
import { headOf, isUnderWay, projectLeaves } from './head.ts'
import { refOfStage, stageBar } from './stage-bar.ts'
import { totalOf, viewTotal } from './tell.ts'

type View = (typeof COST_VIEWS)[number]

/**
 * What the model at a leaf cost: a bar per stage that it descends from, root first, each shared ancestor once; branches of the project from
 * which no compared leaf descends beside them; and the totals of the three views over the compared leaves.
 *
 * @param input.leaf number or slug; absent: the end of the project's longest lineage
 * @param input.compare other leaves of the project
 * @throws Refusal `not_found` (also for a leaf), `forbidden`, `invalid_request` for an unknown currency or grid, a leaf named twice, or a
 *   project without anything that was made
 */
export async function getLineageCost(
  ctx: Context,
  input: CostAsk & {
    workspace?: string | undefined
    project: string
    leaf?: number | string | undefined
    view: View
    compare: readonly (number | string)[]
  },
): Promise<LineageCost> {
  const { scope, project } = await openProject(ctx, input, 'cost:read')
  const g = await gatherCost(ctx, scope, await listCostStageIds(ctx.db, scope), input)
  const ends = projectLeaves(g, scope)
  const idOf = async (name: number | string) => {
    const found = await experimentNamed(ctx, scope, project.slug, name)
    if (!found) throw notFound(`The experiment "${name}"`)
    return found.id
  }
  const leaf = input.leaf === undefined ? ends[0] : await idOf(input.leaf)
  if (leaf === undefined)
    throw invalid(
      '/leaf',
      'Nothing of this project was made yet: there is no leaf. Name an experiment to see its plan.',
    )
  const compared = [leaf, ...(await Promise.all(input.compare.map(idOf)))]
  if (new Set(compared).size !== compared.length)
    throw invalid('/compare', `Each leaf is compared once, got ${[input.leaf, ...input.compare].join(', ')}.`)
  return viewLineage(g, project, scope.projectId, ends, compared, input.view)
}

function viewLineage(
  g: Gathered,
  project: { slug: string; name: string },
  projectId: number,
  ends: readonly number[],
  compared: readonly number[],
  view: View,
): LineageCost {
  const { ledger } = g
  const [leaf] = compared as [number]
  const leafNodes = compared.map(ledger.leafOf)
  const [leafNode] = leafNodes as [string]
  const costs = lineageCost(ledger.nodes, ledger.edges, leafNodes)
  const ofLeaf = (item: LedgerItem) => item.node !== null && (costs.usedBy.get(item.node) ?? []).includes(leafNode)
  const usedRuns = new Set(ledger.items.filter(ofLeaf).flatMap(({ runId }) => runId ?? []))
  const kindOf = (item: LedgerItem): SegmentKind => (ofLeaf(item) ? item.kind : kindBeside(item, usedRuns))
  const lineage = new Map(compared.map((id) => [id, costAncestors(g.edges, id)]))
  const path = lineage.get(leaf) ?? new Set([leaf])
  const byStage = groupBy(ledger.items, ({ experimentId }) => experimentId)

  const inView = (items: readonly LedgerItem[]) =>
    sumTallies(
      [...groupBy(items, ({ node }) => node)].map(([node, mine]): Tally => {
        const users = (node === null ? undefined : costs.usedBy.get(node)) ?? []
        const cost = sumTallies(mine.map((item) => item.cost))
        if (view === 'full' || users.length <= 1) return cost
        if (view === 'marginal') return NOTHING
        return shareTally(cost, users.length)[users.indexOf(leafNode)] ?? NOTHING
      }),
    )
  const bar = (id: number, place: 'inside' | 'abandoned' | 'elsewhere') => {
    const stage = g.stages.get(id)
    if (!stage) return []
    const usedBy = compared.filter((other) => lineage.get(other)?.has(id))
    return [
      stageBar(g, stage, byStage.get(id) ?? [], {
        place,
        usedBy: usedBy.flatMap((other) => {
          const found = g.stages.get(other)
          return found ? [refOfStage(found)] : []
        }),
        isInside: place === 'inside' ? ofLeaf : () => true,
        kindOf: place === 'inside' ? kindOf : (item) => item.kind,
        inView: place === 'inside' ? inView : () => NOTHING,
      }),
    ]
  }
  const others = [...g.stages.values()].filter(
    (s) => s.projectId === projectId && !compared.some((other) => lineage.get(other)?.has(s.id)),
  )
  const left = others.filter((s) => !isUnderWay(g, s.id) || byStage.has(s.id))
  const inside = ledger.items.filter(ofLeaf)
  const beside = ledger.items.filter((item) => path.has(item.experimentId) && !ofLeaf(item))
  const abandoned = left.filter((s) => !isUnderWay(g, s.id) && !s.isUnstaged)
  const abandonedIds = new Set(abandoned.map(({ id }) => id))
  const shown = new Set([...path, ...left.map(({ id }) => id)])
  const end = g.stages.get(leaf)
  invariant(end, 'a leaf that was named is read')
  const of = (tallies: ReadonlyMap<string, Tally>) => viewTotal(g, tallies.get(leafNode) ?? NOTHING)
  return {
    ...headOf(
      g,
      project,
      ledger.items.filter(({ experimentId }) => shown.has(experimentId)),
      inside,
      kindOf,
      ends,
    ),
    leaf: refOfStage(end),
    view,
    compared: compared.flatMap((id) => {
      const stage = g.stages.get(id)
      return stage ? [refOfStage(stage)] : []
    }),
    stages: inOrder(g, path).flatMap((id) => bar(id, 'inside')),
    abandoned: left.flatMap(({ id }) => bar(id, abandonedIds.has(id) ? 'abandoned' : 'elsewhere')),
    totals: {
      view: of(costs[view]),
      full: of(costs.full),
      marginal: of(costs.marginal),
      allocated: of(costs.allocated),
      union: viewTotal(g, costs.union),
      naive_sum: viewTotal(g, costs.naiveSum),
      other_work: totalOf(g, beside),
      abandoned: totalOf(
        g,
        ledger.items.filter(({ experimentId }) => abandonedIds.has(experimentId)),
      ),
    },
  }
}

/** What an item is to a leaf that does not use it: later steps of a run that it uses, else another run of the stage. */
function kindBeside(item: LedgerItem, usedRuns: ReadonlySet<number>): SegmentKind {
  if (item.segment === null || item.kind === 'failed' || item.kind === 'evaluation') return item.kind
  return item.runId !== null && usedRuns.has(item.runId) ? 'later_steps' : 'other_run'
}

/** Ids with every parent before its children; among equals the lower number of the project first. */
export function inOrder(g: Gathered, ids: ReadonlySet<number>): number[] {
  const depths = new Map<number, number>()
  const depth = (id: number): number => {
    const known = depths.get(id)
    if (known !== undefined) return known
    depths.set(id, 0)
    const parents = g.edges.filter((edge) => edge.child === id && ids.has(edge.parent))
    const found = parents.length === 0 ? 0 : 1 + Math.max(...parents.map((edge) => depth(edge.parent)))
    depths.set(id, found)
    return found
  }
  const number = (id: number) => g.stages.get(id)?.number ?? 0
  return [...ids].sort((a, b) => depth(a) - depth(b) || number(a) - number(b))
}
