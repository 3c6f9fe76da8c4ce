/** What a reader of a chart may choose: its x axis, how lines are smoothed, and how runs are drawn as one. */

/**
 * step; relative: wall time since the run began; process: time in which a process of the run was at work, pauses between attempts left
 * out; time: wall time; tokens: the run's own; lineage_tokens, lineage_flops, lineage_device_hours and lineage_cost: what was behind the
 * weights when the run began, along the weight path, plus the run's own; metric: another metric of the run, `x_metric`, joined by step.
 */
export const X_AXES = [
  'step',
  'relative',
  'process',
  'time',
  'tokens',
  'lineage_tokens',
  'lineage_flops',
  'lineage_device_hours',
  'lineage_cost',
  'metric',
] as const
export type XAxis = (typeof X_AXES)[number]

/** The axes that go on from stage to stage. */
export type LineageAxis = Extract<XAxis, `lineage_${string}`>

/** Whether an axis goes on from stage to stage. */
export const isLineageAxis = (x: XAxis): x is LineageAxis => x.startsWith('lineage_')

export const GROUP_CENTERS = ['mean', 'median'] as const
export const GROUP_BANDS = ['none', 'min_max', 'sd', 'se', 'ci95'] as const
export const SMOOTHINGS = ['ema', 'mean', 'gaussian'] as const
