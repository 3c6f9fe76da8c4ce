/**
 * Runs of one configuration that differ only in their training seed. Their spread is another question than an item interval, which says
 * whether a score would be found again on other questions, not in another run: the two stand side by side and are never pooled (Madaan
 * et al. 2024, arXiv 2406.10229). The best of them is no score of the configuration, and none is given.
 */
import { groupBy } from '../lineage/group-by.ts'

/** Runs from which a spread is told. */
export const SEEDS_MIN = 3

export interface SeedSpread {
  runs: number
  mean: number
  /** Sample standard deviation over runs; null below three. */
  sd: number | null
}

/** The mean score of runs of one configuration, with its spread; null without runs. In the unit of the scores. */
export function seedSpread(scores: readonly number[]): SeedSpread | null {
  const runs = scores.length
  if (runs === 0) return null
  const mean = scores.reduce((sum, score) => sum + score, 0) / runs
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  return { runs, mean, sd: runs < SEEDS_MIN ? null : Math.sqrt(squares / (runs - 1)) }
}

/** Runs by their configuration without seeds, each group in the order given. */
export const seedGroups = <Run extends { config: unknown }>(runs: readonly Run[]): Run[][] => [
  ...groupBy(runs, ({ config }) => JSON.stringify(withoutSeeds(config))).values(),
]

const isSeed = (key: string): boolean => /(^|[._/-])seed$/i.test(key)

function withoutSeeds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSeeds)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .filter(([key]) => !isSeed(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, own]) => [key, withoutSeeds(own)])
}
