/** What a stage is compared with: the checkpoint from which it started, or that of its root. */
export const BASELINES = ['parent', 'root'] as const
export type Baseline = (typeof BASELINES)[number]
