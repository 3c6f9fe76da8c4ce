import { FACET_LABEL, type Facet, facetsByDomain, isFacet } from '#src/core/evaluations/facets.ts'
import { isFirstPart, pairKindOf } from '#src/core/evaluations/paired-parts.ts'
import {
  certainOf,
  FACT_KINDS,
  FACT_LABEL,
  type FactKind,
  isFactKind,
  readRecall,
} from '#src/core/evaluations/taught-facts.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { findBenchmarks } from '#src/db/queries/evaluations/benchmarks.ts'
import { listItemLabels } from '#src/db/queries/evaluations/list-item-labels.ts'
import { listBenchmarksById } from '#src/db/queries/evaluations/list-measured.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Probed, StageProbes } from '#src/protocol/probes.ts'
import type { Context } from '#src/services/context.ts'
import { type Pairing, pairCells } from '#src/services/evaluations/compare.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { readWeightPath } from '#src/services/forgetting/weight-path.ts'
import { instructOf } from './instruct.ts'
import { probeOf, probePart } from './probe.ts'

/** Items whose labels are read for one view; beyond, only benchmarks that tell domain and facet themselves are shown, and that is said. */
const ITEMS_MAX = 200_000

/**
 * What a stage's evaluations say in the views that have a name: two sides of one task, four facets of a domain, recall of facts that were
 * taught, and instruction following that a tuned parent brings along. Each against the checkpoint from which the stage started.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getStageProbes(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; experiment: number | string },
): Promise<StageProbes> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'eval:read')
  const path = await readWeightPath(ctx, scope, experiment.id)
  const stage = path.stages.get(experiment.id)
  const [parent] = path.parents
  const before = parent?.checkpointId == null ? null : (path.cells.get(parent.checkpointId) ?? [])
  const after = (stage && path.cells.get(stage.id)) ?? []
  const pairings = pairCells(ctx, { after, before, meanings: new Map(), ancestral: new Set() })
  const [pairs, facets, recall, instruct] = await Promise.all([
    pairsOf(ctx, scope, pairings),
    facetsOf(ctx, scope, pairings),
    recallOf(ctx, scope, pairings),
    instructOf(ctx, scope, path, experiment.id),
  ])
  return {
    experiment: refOfRow(experiment, project.slug),
    checkpoint: stage ? path.at(experiment.id, stage.id).checkpoint : null,
    baseline: parent?.checkpointId == null ? null : path.at(parent.experimentId, parent.checkpointId),
    pairs,
    domains: facetsByDomain(facets.all).map(({ domain, facets: four, missing }) => ({
      domain,
      facets: four.map(({ facet, found }) => ({ facet, found: found?.probed ?? null })),
      missing: [...missing],
    })),
    recall: recall.all,
    unread: [
      ...(facets.unread === null ? [] : [{ view: 'domains' as const, items: facets.unread, most: ITEMS_MAX }]),
      ...(recall.unread === null ? [] : [{ view: 'recall' as const, items: recall.unread, most: ITEMS_MAX }]),
    ],
    instruct,
  }
}

async function pairsOf(ctx: Context, scope: ProjectScope, pairings: readonly Pairing[]): Promise<StageProbes['pairs']> {
  const sides = pairings.filter(({ cell }) => cell.row.part !== null && cell.row.pair !== null)
  const bySlug = new Map(sides.map((pairing) => [pairing.cell.row.slug, pairing]))
  const absent = sides.flatMap(({ cell }) => (bySlug.has(cell.row.pair ?? '') ? [] : [cell.row.pair ?? '']))
  const rows = await findBenchmarks(ctx.db, scope, absent)
  const definitions = await listBenchmarksById(
    ctx.db,
    scope,
    rows.map((row) => row.id),
  )
  return sides.flatMap((pairing) => {
    const { part, pair, scale } = pairing.cell.row
    const other = bySlug.get(pair ?? '')
    // Where both were measured the first of them tells the pair.
    if (part === null || (other && !isFirstPart(part))) return []
    const own = probeOf(ctx, pairing)
    const definition = definitions.find((row) => row.slug === pair)
    const counterpart = other ? probeOf(ctx, other) : definition && unmeasured(viewBenchmark(definition), scale)
    if (!counterpart) return []
    const [first, second] = isFirstPart(part) ? [own, counterpart] : [counterpart, own]
    return [{ kind: pairKindOf(part), first, second }]
  })
}

const unmeasured = (benchmark: Probed['benchmark'], scale: number): Probed => ({
  benchmark,
  scale,
  after: null,
  before: null,
  change: null,
  reason: 'the stage was not measured on it',
})

interface Labelled<T> {
  all: T[]
  /** How many items were too many for their labels to be read; null: all were read. */
  unread: number | null
}

async function facetsOf(
  ctx: Context,
  scope: ProjectScope,
  pairings: readonly Pairing[],
): Promise<Labelled<{ domain: string; facet: Facet; probed: Probed }>> {
  const ofDomains = pairings.filter(({ cell }) => cell.row.domain !== null)
  const whole = ofDomains.filter(({ cell }) => cell.row.facet === null)
  const { labels, unread } = await labelsOf(ctx, scope, whole, FACET_LABEL)
  const all = [
    ...ofDomains.flatMap((pairing) => {
      const { domain, facet } = pairing.cell.row
      return domain !== null && facet !== null ? [{ domain, facet, probed: probeOf(ctx, pairing) }] : []
    }),
    ...whole.flatMap((pairing) =>
      [...(labels.get(pairing) ?? [])].flatMap(([value, ids]) => {
        const probed = isFacet(value) ? probePart(ctx, pairing, { name: `${FACET_LABEL}=${value}`, ids }) : null
        return probed ? [{ domain: pairing.cell.row.domain ?? '', facet: value as Facet, probed }] : []
      }),
    ),
  ]
  return { all, unread }
}

async function recallOf(
  ctx: Context,
  scope: ProjectScope,
  pairings: readonly Pairing[],
): Promise<Labelled<StageProbes['recall'][number]>> {
  const { labels, unread } = await labelsOf(ctx, scope, pairings, FACT_LABEL)
  const all = [...labels].flatMap(([pairing, byValue]) => {
    if (![...byValue.keys()].some(isFactKind)) return []
    const kinds = FACT_KINDS.map((kind) => {
      const ids = byValue.get(kind)
      return { kind, found: ids ? probePart(ctx, pairing, { name: `${FACT_LABEL}=${kind}`, ids }) : null }
    })
    const { orientation } = pairing.cell.row
    const certain = (kind: FactKind) => {
      const change = kinds.find((one) => one.kind === kind)?.found?.change
      return change ? certainOf(change, orientation) : null
    }
    return [
      {
        benchmark: viewBenchmark(pairing.cell.row),
        kinds,
        missing: kinds.flatMap(({ kind, found }) => (found === null ? [kind] : [])),
        reading: readRecall({
          taught: certain('taught'),
          paraphrased: certain('paraphrased'),
          unrelated: certain('unrelated'),
        }),
      },
    ]
  })
  return { all, unread }
}

/** Ids of items by the value of a label, of each pairing that has it; labels of both sides count. */
async function labelsOf(
  ctx: Context,
  scope: ProjectScope,
  pairings: readonly Pairing[],
  label: string,
): Promise<{ labels: Map<Pairing, Map<string, Set<string>>>; unread: number | null }> {
  const sides = pairings.flatMap((pairing) =>
    [pairing.baseline, pairing.cell].flatMap((cell) =>
      cell && cell.row.n_items > 0 ? [{ pairing, id: cell.row.id, items: cell.row.n_items }] : [],
    ),
  )
  const items = sides.reduce((sum, side) => sum + side.items, 0)
  if (items > ITEMS_MAX) return { labels: new Map(), unread: items }
  const rows = await listItemLabels(
    ctx.db,
    scope,
    sides.map(({ id }) => id),
    label,
  )
  const labels = new Map(
    [...groupBy(sides, ({ pairing }) => pairing)].flatMap(([pairing, own]) => {
      const values = new Map(
        own.flatMap(({ id }) => (rows.get(id) ?? []).map((item) => [item.id, item.value] as const)),
      )
      const ids = new Map<string, Set<string>>()
      for (const [id, value] of values) ids.set(value, (ids.get(value) ?? new Set()).add(id))
      return ids.size > 0 ? [[pairing, ids] as const] : []
    }),
  )
  return { labels, unread: null }
}
