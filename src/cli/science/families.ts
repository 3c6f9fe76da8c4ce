import { bpb } from './bpb.ts'
import type { Family } from './family.ts'
import { metrics } from './metrics.ts'
import { statistics } from './statistics.ts'

/** Families by their name on the command line. */
export const families: Readonly<Record<string, Family>> = {
  bpb,
  metrics,
  statistics,
}
