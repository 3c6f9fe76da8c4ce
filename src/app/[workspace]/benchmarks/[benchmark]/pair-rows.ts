import type { MeasuredCheckpoint } from '#src/protocol/benchmarks.ts'

export interface PairRow {
  key: string
  /** Either side, for the names of stage and checkpoint. */
  at: MeasuredCheckpoint
  first: MeasuredCheckpoint | null
  second: MeasuredCheckpoint | null
}

/** Checkpoints that have either side, the newest first; of several results of a side the newest. Variants stand for themselves. */
export function pairRows(first: readonly MeasuredCheckpoint[], second: readonly MeasuredCheckpoint[]): PairRow[] {
  const rows = new Map<string, PairRow>()
  const put = (side: 'first' | 'second', of: MeasuredCheckpoint) => {
    const key = `${of.checkpoint.id} ${of.variant}`
    const row = rows.get(key) ?? { key, at: of, first: null, second: null }
    rows.set(key, { ...row, [side]: row[side] ?? of })
  }
  for (const of of first) put('first', of)
  for (const of of second) put('second', of)
  const when = ({ at }: PairRow) => at.measured_at ?? at.created_at
  return [...rows.values()].sort((a, b) => when(b).localeCompare(when(a)))
}
