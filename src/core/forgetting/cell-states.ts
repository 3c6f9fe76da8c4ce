/** What a benchmark's change at a stage is called. Names alone: pages and searches read them without the statistics behind. */
export const CELL_STATES = ['forgot', 'improved', 'retained', 'inconclusive', 'not_comparable'] as const
export type CellState = (typeof CELL_STATES)[number]
