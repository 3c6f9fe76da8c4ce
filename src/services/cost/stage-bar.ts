import { perMillionTokens } from '#src/core/cost/cost-entries.ts'
import type { LedgerItem } from '#src/core/cost/ledger.ts'
import { carriesCost } from '#src/core/cost/lineage-cost.ts'
import { sumTallies, type Tally } from '#src/core/cost/tally.ts'
import type { SegmentKind } from '#src/core/cost/work.ts'
import { firstOf, TOKEN_KEYS } from '#src/core/lineage/loss-keys.ts'
import { stageTokens } from '#src/core/lineage/stage-tokens.ts'
import type { CostStageRow } from '#src/db/queries/cost/list-cost-stages.ts'
import type { StageCost } from '#src/protocol/cost.ts'
import type { Embodied as EmbodiedView } from '#src/protocol/cost-physics.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { attemptTimes, type Gathered } from './gather.ts'
import { carbonOf, energyOfItems, flopsOfStage } from './physics.ts'
import { segmentsOfItems, totalOf, viewTotal } from './tell.ts'

/** Where a stage stands for the reader of one or more leaves. */
export interface BarPlace {
  place: StageCost['place']
  usedBy: readonly ExperimentRef[]
  /** True for an item that is in the reader's totals. */
  isInside: (item: LedgerItem) => boolean
  /** What an item is to the reader: a later slice of a used run is `later_steps`. */
  kindOf: (item: LedgerItem) => SegmentKind
  /** What of the stage stands in the chosen view. */
  inView: (items: readonly LedgerItem[]) => Tally
}

export const refOfStage = (stage: CostStageRow): ExperimentRef => refOfRow(stage, stage.project)

/** The bar of one stage. */
export function stageBar(g: Gathered, stage: CostStageRow, items: readonly LedgerItem[], at: BarPlace): StageCost {
  const inside = items.filter(at.isInside)
  const beside = items.filter((item) => !at.isInside(item))
  const total = sumTallies(inside.map(({ cost }) => cost))
  const tokens = ownTokens(g, stage.id)
  const times = spanOf(g, inside.length > 0 ? inside : items)
  const energy = energyOfItems(g, inside)
  const isOutside = stage.rootKind === 'external_base' || stage.rootKind === 'api_model'
  return {
    experiment: refOfStage(stage),
    role: isOutside ? 'base' : 'stage',
    place: at.place,
    parents: g.edges.flatMap((edge) => {
      const parent = edge.child === stage.id && carriesCost(edge.kind) ? g.stages.get(edge.parent) : undefined
      return parent ? [{ experiment: refOfStage(parent), kind: edge.kind }] : []
    }),
    used_by: [...at.usedBy],
    segments: segmentsOfItems(g, inside, at.kindOf),
    beside: segmentsOfItems(g, beside, at.kindOf),
    total: viewTotal(g, total),
    in_view: viewTotal(g, at.inView(inside)),
    beside_total: totalOf(g, beside),
    plan: stage.plan,
    tokens,
    per_million_tokens: total.amounts.flatMap(({ amount, currency }) => {
      const per = perMillionTokens(amount, tokens)
      return per === null ? [] : [{ amount: per, currency }]
    }),
    wall_s: times && times.wallMs / 1000,
    down_s: times && times.downMs / 1000,
    started_at: times && new Date(times.startMs).toISOString(),
    ended_at: times && new Date(times.endMs).toISOString(),
    energy,
    carbon: carbonOf(g, energy),
    ...flopsOfStage(g, stage, inside, tokens),
    embodied: embodiedOf(stage),
  }
}

/** What the card of an external base says; null when it says nothing, or the stage is none. */
export function embodiedOf(stage: CostStageRow): EmbodiedView | null {
  if (stage.root?.kind !== 'external_base' || !stage.root.embodied) return null
  const { device, device_hours, kwh, kg_co2e, tokens, source } = stage.root.embodied
  return {
    device: device ?? null,
    device_hours: device_hours ?? null,
    kwh: kwh ?? null,
    kg_co2e: kg_co2e ?? null,
    tokens: tokens ?? null,
    source,
  }
}

function spanOf(g: Gathered, items: readonly LedgerItem[]) {
  const runIds = new Set(items.flatMap(({ runId }) => runId ?? []))
  const spans = [...runIds].flatMap((id) => attemptTimes(g, id) ?? [])
  if (spans.length === 0) return null
  return {
    startMs: Math.min(...spans.map((s) => s.startMs)),
    endMs: Math.max(...spans.map((s) => s.endMs)),
    wallMs: spans.reduce((sum, s) => sum + s.wallMs, 0),
    downMs: spans.reduce((sum, s) => sum + s.downMs, 0),
  }
}

/** Tokens that the run of the stage's checkpoint trained on; a counter that goes on from the parent's is told by its difference. */
export function ownTokens(g: Gathered, experimentId: number): number | null {
  const end = g.ends.get(experimentId)
  if (!end || end.runId === null) return null
  const summaries = g.tokens.get(end.runId) ?? []
  const counter = firstOf(TOKEN_KEYS, (key) => summaries.find((summary) => summary.key === key))
  const last = end.tokens ?? numberOf(counter?.last_value)
  const parent = g.edges.find(
    (edge) => edge.child === experimentId && edge.kind !== 'reference' && carriesCost(edge.kind),
  )
  const before = parent ? (g.ends.get(parent.parent)?.tokens ?? null) : null
  return stageTokens({ first: numberOf(counter?.first_value), last }, before).own
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
