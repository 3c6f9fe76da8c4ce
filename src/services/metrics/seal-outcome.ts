import type { HeadRow } from './head-row.ts'

/** What a seal changed, once it is committed. */
export interface SealOutcome {
  runId: number
  /** Of `metric_seal`, as this seal left it. */
  version: number
  rewrites: number
  /** Tail rows that are gone: (stream, seq), carry rows (stream < 0) included. */
  gone: { stream: number; seq: number }[]
  /** Carry rows that were written. */
  carried: HeadRow[]
  /** Points now in blocks that were not before. */
  points: number
  /** Is more of the tail left, because it was too large for one transaction? */
  isPartial: boolean
  ms: number
}
