/**
 * From the cost of a lineage to the bars of a waterfall, in the order of the table: the path (root first), the model, branches not
 * continued by time, other work, the project. Pure; values are exact decimals until they become px.
 */
import type { SegmentKind } from '#src/core/cost/work.ts'
import type { StageCost } from '#src/protocol/cost.ts'
import type { CostSegment, CostTotal } from '#src/protocol/cost-parts.ts'
import { hoursOf, isWholeUnit, segmentIn, stageIn, timeLack, type UnitChoice } from './cost-units.ts'
import { lackWord, sumTotals } from './totals.ts'

export const PART_KINDS = ['preparation', 'work', 'evaluation', 'idle', 'rolled_back', 'duplicate', 'other'] as const
export type PartKind = (typeof PART_KINDS)[number]

export const PART_WORDS: Readonly<Record<PartKind, string>> = {
  preparation: 'preparation',
  work: 'training',
  evaluation: 'evaluation',
  idle: 'idle',
  rolled_back: 'rolled back',
  duplicate: 'duplicate',
  other: 'other costs',
}

/** Work that no checkpoint of the path came from. */
export const WASTE_KINDS = ['failed', 'later_steps', 'other_run', 'evaluation'] as const
type WasteKind = (typeof WASTE_KINDS)[number]

export const WASTE_WORDS: Readonly<Record<WasteKind, string>> = {
  failed: 'failed',
  later_steps: 'later steps',
  other_run: 'other runs',
  evaluation: 'other evaluations',
}

export interface BarPart {
  kind: PartKind | WasteKind
  /** In the unit, for px; null: not known. */
  value: number | null
  total: CostTotal
  /** Device-hours. */
  hours: number
  runs: number[]
}

export interface Bar {
  key: string
  group: 'path' | 'model' | 'branch' | 'waste' | 'project'
  name: string
  stage: StageCost | null
  parts: BarPart[]
  /** Of what stands in the view, in money and device-hours. */
  total: CostTotal
  hours: number
  /** In the unit; null: nothing of it is known. */
  value: number | null
  /** Some of it is not known, or all. */
  lacks: string | null
  /** True where energy comes from the data sheet's power, not from samples. */
  isEstimate: boolean
  /** Where it begins and ends on the axis. */
  from: number
  to: number
}

export interface Waterfall {
  bars: Bar[]
  /** The highest end. */
  most: number
  /** Kinds of parts that are drawn, for the legend. */
  kinds: (PartKind | WasteKind)[]
}

/** Which share of a stage stands in the view: 1 in `full`, 0 of what is shared in `marginal`, an equal share in `allocated`. */
export type ShareOf = (stage: StageCost) => number

/**
 * @param stages inside the leaf, root first; `branches` outside of it, by time
 * @param shareOf of the stages inside; branches stand whole
 */
export function prepareWaterfall(
  given: {
    stages: readonly StageCost[]
    branches: readonly StageCost[]
    shareOf: ShareOf
    modelName: string
    /** False where the bars are shares: they sum to no project. */
    hasProject: boolean
  },
  choice: UnitChoice,
): Waterfall {
  const bars: Bar[] = []
  let top = 0
  const push = (bar: Omit<Bar, 'from' | 'to'>, from = top) => {
    const to = cleaned(from + (bar.value ?? 0))
    bars.push({ ...bar, from, to })
    return to
  }
  const outside = (stage: StageCost) => stage.role === 'base'
  for (const stage of given.stages) {
    const share = given.shareOf(stage)
    const isWhole = share === 1
    const bar = stageBar(stage, 'path', stage.segments, share, choice)
    // Parts of a shared stage are cut by one share; their exact sum is told by the ledger.
    top = push(isWhole || outside(stage) ? bar : { ...bar, total: stage.in_view, ...shown(bar, stage.in_view, choice) })
  }
  const path = bars.filter((bar) => bar.group === 'path')
  push(sumBar('model', 'model', given.modelName, path), 0)
  for (const stage of given.branches) top = push(stageBar(stage, 'branch', stage.segments, 1, choice))
  const every = [...given.stages, ...given.branches]
  for (const kind of WASTE_KINDS) {
    const parts = every
      .flatMap((stage) => stage.beside.filter((s) => s.kind === kind))
      .map((s) => partOf(s, kind, 1, choice))
    if (parts.length > 0) top = push(wasteBar(kind, parts))
  }
  const parts = bars.filter((bar) => bar.group !== 'model')
  if (given.hasProject) push(sumBar('project', 'project', 'project', parts), 0)
  const kinds = new Set(
    bars.flatMap((bar) => (bar.group === 'path' || bar.group === 'branch' ? bar.parts : [])).map((p) => p.kind),
  )
  return { bars, most: Math.max(0, ...bars.map((bar) => bar.to)), kinds: PART_KINDS.filter((kind) => kinds.has(kind)) }
}

/** 0.9249999999999999, a sum of doubles, is 0.925: words and bars are of one number. */
const cleaned = (value: number): number => Number(value.toPrecision(12))

function stageBar(
  stage: StageCost,
  group: 'path' | 'branch',
  segments: readonly CostSegment[],
  share: number,
  choice: UnitChoice,
): Omit<Bar, 'from' | 'to'> {
  const parts = PART_KINDS.flatMap((kind) => {
    const own = segments.filter((segment) => partKind(segment.kind) === kind)
    return own.length === 0 ? [] : [mergedPart(own.map((segment) => partOf(segment, kind, share, choice)))]
  })
  const head = {
    key: `${group} ${stage.experiment.number} ${stage.experiment.project}`,
    group,
    name: stage.experiment.name,
    stage,
  }
  const hours = parts.reduce((sum, part) => sum + part.hours, 0)
  const total = stage.total
  if (isWholeUnit(choice.unit)) {
    const { value, reason } = stageIn(stage, choice.unit)
    const scaled = value === null ? null : value * share
    const work: BarPart = { kind: 'work', value: scaled, total, hours, runs: parts.flatMap((p) => p.runs) }
    const isEstimate = choice.unit !== 'flops' && stage.energy.state === 'estimated'
    return { ...head, parts: [work], total, hours, value: scaled, lacks: reason, isEstimate }
  }
  return { ...head, parts, total, hours, isEstimate: false, ...readParts(parts, total, choice) }
}

/** What a bar of known parts is, and what it lacks. */
function readParts(parts: readonly BarPart[], total: CostTotal, choice: UnitChoice): Pick<Bar, 'value' | 'lacks'> {
  const known = parts.flatMap((part) => part.value ?? [])
  const lacks =
    choice.unit === 'money' && total.lacks.length > 0
      ? lackWord(total)
      : choice.unit === 'time'
        ? timeLack(
            total,
            parts.flatMap(({ hours }) => (hours > 0 ? [{ hours }] : [])),
          )
        : null
  if (known.length === 0 && parts.length > 0) return { value: null, lacks: lacks ?? 'not known' }
  return { value: known.reduce((sum, value) => sum + value, 0), lacks }
}

/** The height of a shared stage in the view is what the ledger says, not the sum of cut parts. */
function shown(bar: Omit<Bar, 'from' | 'to'>, inView: CostTotal, choice: UnitChoice): Partial<Bar> {
  if (choice.unit !== 'money' || choice.currency === null) return {}
  const amount = inView.amounts.find((a) => a.currency === choice.currency)?.amount
  if (amount === undefined) return inView.lacks.length > 0 ? {} : { value: 0, parts: [] }
  const value = Number(amount)
  const sum = bar.parts.reduce((all, part) => all + (part.value ?? 0), 0)
  const parts = bar.parts.map((part) => ({
    ...part,
    value: part.value === null || sum === 0 ? part.value : (part.value / sum) * value,
  }))
  return { value, parts }
}

function partOf(segment: CostSegment, kind: BarPart['kind'], share: number, choice: UnitChoice): BarPart {
  const value = segmentIn(segment, choice)
  return {
    kind,
    value: value === null ? null : value * share,
    total: segment.total,
    hours: hoursOf(segment.hours, choice.device) * share,
    runs: segment.runs,
  }
}

function mergedPart(parts: readonly BarPart[]): BarPart {
  const known = parts.flatMap((part) => part.value ?? [])
  const [first] = parts
  return {
    kind: first?.kind ?? 'other',
    value: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0),
    total: sumTotals(parts.map((part) => part.total)),
    hours: parts.reduce((sum, part) => sum + part.hours, 0),
    runs: [...new Set(parts.flatMap((part) => part.runs))].sort((a, b) => a - b),
  }
}

function wasteBar(kind: WasteKind, parts: readonly BarPart[]): Omit<Bar, 'from' | 'to'> {
  const part = mergedPart(parts)
  const lacks = part.total.lacks.length > 0 ? lackWord(part.total) : null
  const head = { key: `waste ${kind}`, group: 'waste' as const, name: WASTE_WORDS[kind], stage: null }
  return { ...head, parts: [part], total: part.total, hours: part.hours, value: part.value, lacks, isEstimate: false }
}

/** A bar that is the sum of others. */
export function sumBar(
  key: string,
  group: 'model' | 'project' | 'branch',
  name: string,
  of: readonly Bar[],
): Omit<Bar, 'from' | 'to'> {
  // What comes from outside is in no total; its 0 would make a sum of nothing known.
  const inside = of.filter((bar) => bar.stage?.role !== 'base')
  const known = inside.flatMap((bar) => bar.value ?? [])
  const lacking = of.filter((bar) => bar.lacks !== null)
  return {
    key,
    group,
    name,
    stage: null,
    parts: [],
    total: sumTotals(of.map((bar) => bar.total)),
    hours: of.reduce((sum, bar) => sum + bar.hours, 0),
    value: known.length === 0 && inside.length > 0 ? null : cleaned(known.reduce((sum, value) => sum + value, 0)),
    lacks: lacking.length === 0 ? null : `without ${lacking.length} of ${of.length}`,
    isEstimate: of.some((bar) => bar.isEstimate),
  }
}

/** Entries of every kind are drawn as one part. */
function partKind(kind: SegmentKind): PartKind {
  return (PART_KINDS as readonly string[]).includes(kind) ? (kind as PartKind) : 'other'
}
