/** The check of sums that the demo prints at its end. */
import type { LineageCost, ProjectCost } from '#src/protocol/cost.ts'

export interface Agreement {
  bars: number
  held: number
  total: number
  byKind: Record<string, number>
  agrees: boolean
  toTheCent: boolean
}

interface Check {
  costAgreement: (lineage: LineageCost, project: ProjectCost) => Agreement
  readCostAgreement: (api: { get: (path: string) => Promise<unknown> }, project: string) => Promise<Agreement | null>
}

/** The scripts are plain JavaScript without types, since nothing is installed when they start. */
export const costCheck = async (): Promise<Check> =>
  (await import(new URL('../../../scripts/demo/cost-agreement.mjs', import.meta.url).href)) as Check
