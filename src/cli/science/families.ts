import { bpb } from './bpb.ts'
import { cost } from './cost.ts'
import { energy } from './energy.ts'
import type { Family } from './family.ts'
import { flops } from './flops.ts'
import { forgetting } from './forgetting.ts'
import { metrics } from './metrics.ts'
import { statistics } from './statistics.ts'

/** Families by their name on the command line. */
export const families: Readonly<Record<string, Family>> = {
  bpb,
  cost,
  energy,
  flops,
  forgetting,
  metrics,
  statistics,
}
