/**
 * How many of `total` steps are behind a run whose newest point stands at `lastStep`. Programs that count from 0 end at
 * total − 1, those that count from 1 end at total: both have then done all of them.
 */
export const stepsDone = (lastStep: number, total: number): number => Math.min(total, lastStep + 1)
