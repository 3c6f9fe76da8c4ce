/** Where the stages of a path and their checkpoints lie on each axis that goes on from stage to stage. */
import { sixNd } from '#src/core/cost/flops.ts'
import { attentionShapeOf, paramsOf } from '#src/core/cost/model-shape.ts'
import type { ScoringModels } from '#src/core/cost/policy-stage.ts'
import { stageFlops } from '#src/core/cost/stage-flops.ts'
import {
  type OwnAmount,
  PATH_AXES,
  type PathAxis,
  type PlacedStage,
  spansAlong,
  stepOffset,
} from '#src/core/lineage/path-axes.ts'
import type { LineageStart } from '#src/core/lineage/start-values.ts'
import { hourlyAt } from '#src/core/metrics/x-axis.ts'
import type { CheckpointViewRow } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import type { PathRunRow } from '#src/db/queries/runs/list-path-runs.ts'
import { whyWithoutPlace } from './start-values.ts'

/** A stage of a path with what its places are made of. */
export interface AxisStage {
  row: ExperimentRow
  runId: number | null
  /** The checkpoint that stands for it. */
  chosen: CheckpointViewRow | null
  /** The checkpoint that the next stage of the path starts from; its own at the end. */
  leave: CheckpointViewRow | null
  /** What scores its samples, where it learns from them. */
  models: ScoringModels
  /** Tokens that it trained on; null: not told. */
  tokens: number | null
  /** First and last step that its run logged. */
  firstStep: number | null
  lastStep: number | null
}

export interface AxesInput {
  stages: readonly AxisStage[]
  starts: ReadonlyMap<number, LineageStart>
  runs: ReadonlyMap<number, PathRunRow>
  nowMs: number
}

export interface PathPlaces {
  /** By stage, root first. */
  spans: Record<PathAxis, PlacedStage>[]
  /** What must be added to the steps of its run; null where the stage has no place on the axis of steps. */
  stepOffsets: (number | null)[]
  /** Where a checkpoint of a stage lies; null where it is not known. */
  place: (stage: number, checkpoint: CheckpointViewRow) => Record<PathAxis, number | null>
}

const ELSEWHERE = 'it was trained elsewhere'
const NO_RUN = 'it has no run'
const NO_TOKENS = 'the number of its tokens is not told'
const NO_ATTENTION = 'the sizes of its attention are not told: layers, heads, width and context in the configuration'
const MS_PER_HOUR = 3_600_000

const none = (why: string): OwnAmount => ({ atEnd: null, atLeave: null, why })
const isElsewhere = ({ row }: AxisStage) => row.rootKind === 'external_base' || row.rootKind === 'api_model'
const isUntrained = ({ row }: AxisStage) => row.stageKind === 'merge' || row.stageKind === 'prompt_only'

/**
 * Spans and places along a path of weights. Of weights from elsewhere tokens and FLOPs are those of the card (6ND), and no hours or
 * steps count: what they took was held elsewhere. FLOPs, wall time and steps begin at the first stage that is given.
 */
export function placesOfPath(input: AxesInput): PathPlaces {
  const { stages, starts, runs, nowMs } = input
  const startOf = ({ runId }: AxisStage) => (runId === null ? null : (starts.get(runId) ?? null))
  const tokensOf = (checkpoint: CheckpointViewRow): number | null => {
    const start = checkpoint.run_id === null ? null : starts.get(checkpoint.run_id)
    if (!start) return checkpoint.tokens
    return checkpoint.tokens === null || start.tokensOffset === null ? null : checkpoint.tokens + start.tokensOffset
  }
  const named = (own: (stage: AxisStage, i: number, from: number) => OwnAmount) =>
    spansAlong(stages.map((stage, i) => ({ name: stage.row.name, own: (from) => own(stage, i, from) })))

  const tokens = stages.map((stage) => tokensPlaced(stage, startOf(stage)))
  const rates = stages.map((stage) => ratesOf(stage, runs))
  const flops = (of: 'perToken' | 'withAttention') =>
    named((stage, i): OwnAmount => {
      if (isElsewhere(stage)) return cardFlops(stage, of === 'withAttention')
      if (isUntrained(stage)) return { atEnd: 0, atLeave: 0, why: null }
      const rate = rates[i]
      if (!rate || 'reason' in rate) return none(rate?.reason ?? NO_RUN)
      const perToken = rate[of]
      if (perToken === null) return none(NO_ATTENTION)
      const span = tokens[i]?.span ?? null
      const left = stage.leave && tokensOf(stage.leave)
      const isTold = span !== null && stage.tokens !== null
      return {
        atEnd: isTold ? perToken * (span.to - span.from) : null,
        atLeave: span !== null && left !== null ? perToken * Math.max(0, left - span.from) : null,
        why: isTold && left !== null ? null : NO_TOKENS,
      }
    })
  const wall = named((stage) => wallOf(stage, runs, nowMs))
  const steps = named((stage, _, from) => stepsOf(stage, from))
  const placed: Record<PathAxis, PlacedStage[]> = {
    tokens,
    flops: flops('perToken'),
    flops_attention: flops('withAttention'),
    device_hours: stages.map((stage) => hoursPlaced(stage, startOf(stage), nowMs)),
    wall_hours: wall,
    steps,
  }
  const offsets = stages.map((stage, i) => {
    const from = steps[i]?.span?.from ?? null
    return from === null ? null : stepOffset(stage.firstStep, from)
  })
  return {
    spans: stages.map((_, i) => perAxis((axis) => placed[axis][i] as PlacedStage)),
    stepOffsets: offsets,
    place(i, checkpoint) {
      const stage = stages[i] as AxisStage
      const begin = (axis: PathAxis) => placed[axis][i]?.span?.from ?? null
      const seen = tokensOf(checkpoint)
      const counted = (axis: 'flops' | 'flops_attention', perToken: number | null): number | null => {
        if (isElsewhere(stage)) return cardFlops(stage, axis === 'flops_attention').atLeave
        const [from, first] = [begin(axis), begin('tokens')]
        if (from === null || isUntrained(stage)) return from
        return perToken === null || seen === null || first === null ? null : from + perToken * Math.max(0, seen - first)
      }
      const rate = rates[i]
      const isKnown = rate && !('reason' in rate)
      const start = checkpoint.run_id === null ? null : (starts.get(checkpoint.run_id) ?? null)
      const hours = hoursSince(checkpoint, runs)
      return {
        tokens: seen,
        flops: counted('flops', isKnown ? rate.perToken : null),
        flops_attention: counted('flops_attention', isKnown ? rate.withAttention : null),
        device_hours: start ? hoursAt(start, checkpoint) : checkpoint.run_id === null ? 0 : null,
        wall_hours: sum(begin('wall_hours'), hours),
        steps: sum(offsets[i] ?? null, checkpoint.step),
      }
    },
  }
}

const perAxis = <T>(of: (axis: PathAxis) => T): Record<PathAxis, T> =>
  Object.fromEntries(PATH_AXES.map((axis) => [axis, of(axis)])) as Record<PathAxis, T>

const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b)

function tokensPlaced(stage: AxisStage, start: LineageStart | null): PlacedStage {
  if (isElsewhere(stage)) return { span: null, why: ELSEWHERE }
  if (!start) return { span: null, why: isUntrained(stage) ? 'nothing was trained' : NO_RUN }
  if (start.tokens === null) return { span: null, why: 'an ancestor of the weights tells no tokens' }
  const why = stage.tokens === null ? whyWithoutPlace(start, 'lineage_tokens') : null
  return { span: { from: start.tokens, to: start.tokens + (stage.tokens ?? 0) }, why }
}

function hoursPlaced(stage: AxisStage, start: LineageStart | null, nowMs: number): PlacedStage {
  if (isElsewhere(stage)) return { span: null, why: ELSEWHERE }
  if (!start) return { span: null, why: isUntrained(stage) ? 'nothing was trained' : NO_RUN }
  const { deviceHours, held } = start
  if (deviceHours === null) return { span: null, why: whyWithoutPlace(start, 'lineage_device_hours') }
  return { span: { from: deviceHours, to: deviceHours + hourlyAt(held, nowMs) }, why: null }
}

const hoursAt = ({ deviceHours, held }: LineageStart, checkpoint: CheckpointViewRow): number | null =>
  deviceHours === null ? null : deviceHours + hourlyAt(held, millisOf(checkpoint.created_at))

function ratesOf({ row, runId, chosen, models }: AxisStage, runs: AxesInput['runs']) {
  return stageFlops(row, chosen?.metadata ?? {}, (runId === null ? null : runs.get(runId)?.config) ?? {}, models)
}

/** 6ND of a card, as an estimate: its attention is counted where the card tells the sizes. */
function cardFlops({ row, chosen }: AxisStage, withAttention: boolean): OwnAmount {
  const told = chosen?.metadata ?? {}
  const params = row.params ?? paramsOf(told)
  const tokens = chosen?.tokens ?? null
  if (params === null) return none('its card tells no parameters')
  if (tokens === null) return none('its card tells no tokens')
  if (!withAttention) return { atEnd: null, atLeave: sixNd(params, tokens), why: ELSEWHERE }
  const found = stageFlops({ ...row, stageKind: 'pretrain', method: null, adapter: null }, told, told, {
    reference: null,
    reward: null,
  })
  const perToken = 'reason' in found || !attentionShapeOf(told, null) ? null : found.withAttention
  return perToken === null ? none(NO_ATTENTION) : { atEnd: null, atLeave: perToken * tokens, why: ELSEWHERE }
}

function wallOf(stage: AxisStage, runs: AxesInput['runs'], nowMs: number): OwnAmount {
  if (isElsewhere(stage)) return { atEnd: null, atLeave: 0, why: ELSEWHERE }
  const run = stage.runId === null ? undefined : runs.get(stage.runId)
  const begun = run?.startedAt ?? null
  if (!run || begun === null) return isUntrained(stage) ? { atEnd: 0, atLeave: 0, why: null } : none(NO_RUN)
  const isLive = run.state === 'running' || run.state === 'lost'
  const endMs = run.endedAt !== null ? millisOf(run.endedAt) : isLive ? nowMs : null
  const left = stage.leave && hoursSince(stage.leave, runs)
  return {
    atEnd: endMs === null ? null : Math.max(0, endMs - millisOf(begun)) / MS_PER_HOUR,
    atLeave: left,
    why: endMs === null ? 'its run did not tell its end' : left === null ? 'it has no checkpoint of a run' : null,
  }
}

/** Hours of wall time from the begin of a checkpoint's run to the checkpoint; one that was told later lies at the run's end. */
function hoursSince(checkpoint: CheckpointViewRow, runs: AxesInput['runs']): number | null {
  if (checkpoint.run_id === null) return 0
  const run = runs.get(checkpoint.run_id)
  if (!run || run.startedAt === null) return null
  const saved = millisOf(checkpoint.created_at)
  const end = run.endedAt === null ? saved : Math.min(saved, millisOf(run.endedAt))
  return Math.max(0, end - millisOf(run.startedAt)) / MS_PER_HOUR
}

function stepsOf(stage: AxisStage, from: number): OwnAmount {
  if (isElsewhere(stage)) return { atEnd: null, atLeave: 0, why: ELSEWHERE }
  if (isUntrained(stage)) return { atEnd: 0, atLeave: 0, why: null }
  const last = stage.lastStep ?? stage.chosen?.step ?? null
  const base = from - stepOffset(stage.firstStep, from)
  return {
    atEnd: last === null ? null : last - base,
    atLeave: stage.leave ? stage.leave.step - base : null,
    why: last === null ? 'no step was logged' : stage.leave ? null : 'it has no checkpoint',
  }
}
