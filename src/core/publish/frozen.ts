import type { TableText } from './table.ts'
import type { PublishedTableName } from './table-names.ts'

/** Which table was frozen, and how it was printed. `model`: number of the stage at which the model ends; null for tables of no one model. */
export interface FrozenChoice {
  table: PublishedTableName
  model: number | null
  decimals: number
  intervals: boolean
  lost: boolean
  change: boolean
  turned: boolean
  groups: string | null
}

/** The printed table with all that stood around it. */
export interface FrozenDocument extends TableText {
  sentence: string | null
}

export const TITLE_MAX = 200
