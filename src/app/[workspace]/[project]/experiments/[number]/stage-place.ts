import type { BASELINES } from '#src/protocol/lineage.ts'

/** Which stage a part of the page shows. */
export interface StagePlace {
  workspace: string
  project: string
  number: number
}

/** What the stage is compared with. */
export type Baseline = (typeof BASELINES)[number]
