import { type ScoreInterval, scoreInterval } from '#src/core/evaluations/score-interval.ts'
import type { SlimItem } from '#src/core/evaluations/slim-item.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { EvaluationViewRow } from '#src/db/queries/evaluations/list-evaluations.ts'
import type { Measurement } from './measure.ts'

/** One value of a benchmark under one protocol on one checkpoint: further seeds are further trials of the same items. */
export interface Cell {
  /** The newest of its evaluations. */
  row: EvaluationViewRow
  /** Names what was measured, without seeds: keys of a memory. */
  ids: string
  score: number
  trials: number
  items: readonly SlimItem[]
  interval: ScoreInterval
}

/** The cells of one checkpoint as it is, without variants such as its best prompt, the newest first. Measurements come newest first. */
export function cellsOf(measurements: readonly Measurement[]): Cell[] {
  const families = groupBy(
    measurements.filter(({ row }) => row.variant === ''),
    ({ row }) => `${row.benchmark_id} ${row.metric} ${row.fingerprint} ${row.scale}`,
  )
  return [...families.values()].map(cellOf)
}

function cellOf(family: readonly Measurement[]): Cell {
  const [newest] = family
  if (!newest) throw new Error('a family has a member')
  const ids = family.map((m) => m.row.id).join(',')
  if (family.length === 1)
    return { row: newest.row, ids, score: newest.row.score, trials: 1, items: newest.items, interval: newest.interval }
  const score = family.reduce((sum, m) => sum + m.row.score / family.length, 0)
  const haveItems = family.every((m) => m.items.length > 0)
  const items = haveItems
    ? family.flatMap((m, seed) => m.items.map((item) => ({ ...item, trial: seed * 1_000_000 + (item.trial ?? 0) })))
    : []
  const interval = scoreInterval({ ...newest.row, score, nClusters: newest.row.n_clusters }, items)
  return { row: newest.row, ids, score, trials: family.length, items, interval }
}
