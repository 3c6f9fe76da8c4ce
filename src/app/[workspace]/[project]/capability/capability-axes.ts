/** The axes of the page: bands of the stages on them, places in px, ticks and words. Pure. */
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatHours } from '#src/core/format/duration.ts'
import type { PathAxis } from '#src/core/lineage/path-axes.ts'
import type { Capability, CapabilityStage, Span } from '#src/protocol/capability.ts'
import { linearScale } from '#src/ui/charts/ticks.ts'
import { type Band, bandsBy } from '#src/ui/graph/strip-model.ts'

/** A stage of the path on the drawing, with the part of the axis that it shows. */
export interface StageBand extends Band<CapabilityStage> {
  /** Place in the stages of the answer. */
  stage: number
  /** Null, or of no length: the stage is not drawn to scale. */
  span: Span | null
  /** Ends at which the part that is drawn cuts the stage off. */
  isCut: { from: boolean; to: boolean }
}

/** Checkpoints stand this far from the end of their band, so that the dot is inside. */
const INSET = 6
/** Of an axis' span: what may be rounding. */
const SLACK = 1e-9

/** Words of an axis after a number. */
export function axisWords(axis: PathAxis, deviceKind: Capability['device_kind']): string {
  switch (axis) {
    case 'tokens':
      return 'tokens'
    case 'flops':
      return 'FLOPs'
    case 'flops_attention':
      return 'FLOPs with attention'
    case 'device_hours':
      return deviceKind === 'gpu' ? 'GPU-hours' : 'device-hours'
    case 'wall_hours':
      return 'hours of wall time'
    case 'steps':
      return 'steps'
  }
}

/** A value of an axis as it is read: 2.25M, 1.24e+15, 0.0651. */
export function axisValue(axis: PathAxis, value: number): string {
  if (axis === 'device_hours' || axis === 'wall_hours') return formatHours(value)
  return value < 1e15 ? formatCount(value) : value.toExponential(2).replace('e+', 'e')
}

/** The same with every digit that says something, for tables. */
export function exactValue(axis: PathAxis, value: number): string {
  if (axis === 'device_hours' || axis === 'wall_hours') return formatHours(value, 4)
  return axis === 'tokens' || axis === 'steps'
    ? formatExactCount(Math.round(value))
    : value.toExponential(3).replace('e+', 'e')
}

const lengthOf = (span: Span | null): number => (span ? span.to - span.from : 0)

/** A stage's span within a part of the axis; null where it lies outside, or has no length there. */
function clipped(span: Span | null, part: Span): Span | null {
  if (!span || lengthOf(span) <= 0) return null
  const cut = { from: Math.max(span.from, part.from), to: Math.min(span.to, part.to) }
  return cut.to - cut.from > SLACK * lengthOf(span) ? cut : null
}

/**
 * Bands of the path from left to right over `width` px.
 *
 * @param zoom the part of the axis that is drawn, and only stages that lie in it; null: the whole path
 */
export function bandsOfPath(
  stages: readonly CapabilityStage[],
  axis: PathAxis,
  width: number,
  zoom: Span | null = null,
): { bands: StageBand[]; toScale: boolean } {
  const shown = stages.flatMap((card, stage) => {
    const whole = card.axes[axis].span
    const span = zoom ? clipped(whole, zoom) : whole
    const isCut = { from: (span?.from ?? 0) > (whole?.from ?? 0), to: (span?.to ?? 0) < (whole?.to ?? 0) }
    return zoom && !span ? [] : [{ card, stage, span, isCut }]
  })
  const { bands, toScale } = bandsBy(shown, width, ({ span }) => lengthOf(span) || null)
  return { bands: bands.map(({ card, ...place }) => ({ ...place, ...card })), toScale }
}

/** Whether any stage of the path can be placed on an axis. */
export const isDrawable = (stages: readonly CapabilityStage[], axis: PathAxis): boolean =>
  stages.some((stage) => lengthOf(stage.axes[axis].span) > 0)

/** The whole of an axis that the stages cover; null where none can be placed. */
export function wholeOf(stages: readonly CapabilityStage[], axis: PathAxis): Span | null {
  const spans = stages.flatMap((stage) => (lengthOf(stage.axes[axis].span) > 0 ? [stage.axes[axis].span as Span] : []))
  const [first] = spans
  return first ? { from: first.from, to: Math.max(...spans.map((span) => span.to)) } : null
}

/**
 * Where a value of the axis lies within its stage: one that is not known lies at the stage's end, one beyond what the stage tells at
 * the end that it passes. Null: it lies outside of the part that is drawn.
 */
export function xIn({ span, x, width, isCut }: StageBand, value: number | null): number | null {
  const end = x + width - INSET
  if (!span || lengthOf(span) <= 0 || value === null) return isCut.to ? null : end
  const share = (value - span.from) / lengthOf(span)
  if ((isCut.from && share < -SLACK) || (isCut.to && share > 1 + SLACK)) return null
  return Math.min(end, x + Math.max(0, share) * width)
}

/** The value of the axis at a place of a band, in px from the left; null where the band has no scale. */
export function valueAt({ span, x, width }: StageBand, px: number): number | null {
  if (!span || lengthOf(span) <= 0) return null
  return span.from + Math.min(1, Math.max(0, (px - x) / width)) * lengthOf(span)
}

/** The band at a place in px. */
export const bandAt = (bands: readonly StageBand[], px: number): StageBand | undefined =>
  bands.find((band) => px >= band.x && px <= band.x + band.width)

/** Round values of the axis with their places; only where a band holds them, each once. */
export function axisTicks(bands: readonly StageBand[], most: number): { value: number; x: number }[] {
  const spans = bands.flatMap((band) => (lengthOf(band.span) > 0 ? [{ band, span: band.span as Span }] : []))
  const [first] = spans
  if (!first) return []
  const last = Math.max(...spans.map(({ span }) => span.to))
  return linearScale(first.span.from, last, most).at.flatMap((value) => {
    const held = spans.find(({ span }) => value >= span.from && value <= span.to)
    if (!held) return []
    const { band, span } = held
    return [{ value, x: band.x + ((value - span.from) / lengthOf(span)) * band.width }]
  })
}

/** Ticks whose words do not run into each other. */
export function spaced(
  ticks: readonly { value: number; x: number }[],
  firstWidth: number,
): { value: number; x: number }[] {
  const kept: { value: number; x: number }[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const tick of ticks) {
    if (tick.x < free) continue
    kept.push(tick)
    free = tick.x + (kept.length === 1 ? firstWidth : 56)
  }
  return kept
}

/** Half of the part, or twice of it, around its middle and within the whole; null: the whole. */
export function zoomed(part: Span, whole: Span, by: 0.5 | 2, around = (part.from + part.to) / 2): Span | null {
  const half = ((part.to - part.from) * by) / 2
  const from = Math.max(whole.from, Math.min(around - half, whole.to - 2 * half))
  const to = Math.min(whole.to, Math.max(from + 2 * half, from))
  return from <= whole.from && to >= whole.to ? null : { from, to }
}

/** Why stages are not drawn to scale over an axis: "dpo: no tokens were logged". */
export const missingWords = (stages: readonly CapabilityStage[], axis: PathAxis): string[] =>
  stages.flatMap(({ experiment, axes }) => (axes[axis].why === null ? [] : [`${experiment.name}: ${axes[axis].why}`]))
