/**
 * Where the stages of one path lie on an axis that goes on from stage to stage: what the weights had behind them when a stage began,
 * and that plus its own. What a stage does not tell is unknown for it, and for all that come after it; never 0.
 */

/** From … to on an axis that goes on from stage to stage. */
export interface AxisSpan {
  from: number
  to: number
}

/** What one stage took of a quantity (FLOPs, hours, steps), by itself. */
export interface OwnAmount {
  /** Up to its end; null where it is not told, and for weights that came from elsewhere. */
  atEnd: number | null
  /** Up to the checkpoint that the next stage of the path starts from. */
  atLeave: number | null
  /** In words that end a sentence: why one of the two is null. */
  why: string | null
}

export interface PlacedStage {
  /** Null where nothing says where the stage begins. Of a stage that does not tell its own amount, a span of no length. */
  span: AxisSpan | null
  /** In words that end a sentence: why the stage cannot be drawn to scale; null where it can. */
  why: string | null
}

/**
 * The spans of a path's stages, root first.
 *
 * @param own what a stage took, given where it begins: a counter may go on from that of the stage before it
 */
export function spansAlong(
  stages: readonly { name: string; own: (from: number) => OwnAmount }[],
  begin = 0,
): PlacedStage[] {
  let from: number | null = begin
  let lost: string | null = null
  return stages.map(({ name, own }): PlacedStage => {
    if (from === null) return { span: null, why: lost }
    const { atEnd, atLeave, why } = own(from)
    const span = { from, to: from + (atEnd ?? 0) }
    from = atLeave === null ? null : from + atLeave
    if (from === null) lost = `of ${name} before it, ${why ?? 'nothing is told'}`
    return { span, why: atEnd === null ? why : null }
  })
}

/**
 * What a counter of steps lies behind: 0 where a run's own counter goes on from the steps of the stage before it, else those steps.
 *
 * @param first the first step that the run logged; null when it logged none
 */
export const stepOffset = (first: number | null, from: number): number =>
  first !== null && from > 0 && first >= from ? 0 : from

/**
 * The axes of a path. flops: by the rule of each stage, 6N per token of full training; flops_attention: with its attention term;
 * device_hours: as allocated; wall_hours: from a run's begin to its end, pauses within it included, gaps between stages left out; steps:
 * as the runs count them.
 */
export const PATH_AXES = ['tokens', 'flops', 'flops_attention', 'device_hours', 'wall_hours', 'steps'] as const
export type PathAxis = (typeof PATH_AXES)[number]
