import type { Benchmark, Change } from '#src/protocol/evaluations.ts'
import { BudgetCorner, ChangeGlyph } from '#src/ui/marks/change-mark.tsx'
import { stepOf } from '#src/ui/matrix/cell-look.ts'
import styles from './change-cell.module.css'
import { changeNumber, halfWords, intervalWords, shortReading } from './change-words.ts'
import { scoreWords } from './score-digits.ts'

/** What one cell shows: the score, and how it changed; `change` is null for the baseline itself. */
export interface ScoredCell {
  score: number
  change: Change | null
}

/**
 * Score, change, reading and budget of a benchmark in one cell of a table of stages.
 *
 * @param note a further line, such as the ends of the interval
 */
export function ChangeCell(props: { cell: ScoredCell | null; benchmark: Benchmark; note?: string | null }) {
  const { cell, benchmark, note = null } = props
  if (!cell) return <span className={styles.missing}>not measured</span>
  const { change, score } = cell
  if (!change) return <span className={styles.score}>{scoreWords(score, benchmark)}</span>
  const isProven = change.reading === 'gained' || change.reading === 'lost'
  const sure = isProven ? 'certain' : change.reading === 'no_interval' ? 'no_interval' : 'uncertain'
  const hasGround = change.utility !== null && change.utility !== 0 && sure !== 'uncertain'
  const ground = hasGround
    ? `${(change.utility ?? 0) > 0 ? 'gained' : 'lost'}-${stepOf({ utility: change.utility, score }, benchmark)}`
    : undefined
  const interval = intervalWords(change)
  const over = change.over_budget === 'certain' || (change.over_budget === 'estimate' && sure === 'no_interval')
  return (
    <span
      className={styles.cell}
      data-ground={ground}
      data-sure={change.utility === null ? 'apart' : sure}
      title={[change.reason, interval === null ? null : `95 % ${interval}`, change.method].filter(Boolean).join('; ')}
    >
      <span className={styles.cellLine}>
        <strong>{scoreWords(score, benchmark)}</strong>
        {change.change === null ? null : (
          <span>
            <ChangeGlyph change={change} /> {changeNumber(change)}
          </span>
        )}
      </span>
      <small>{note === null ? readingWords(change) : shortReading(change)}</small>
      {note === null ? null : <small>{note}</small>}
      {over ? <BudgetCorner certain label="over budget" /> : null}
    </span>
  )
}

/** "better ±0.10", "no difference found (±0.15)": the word and half of the interval. */
function readingWords(change: Change): string {
  const word = shortReading(change)
  const half = halfWords(change)
  const isProven = change.reading === 'gained' || change.reading === 'lost'
  return isProven && half !== '' ? `${word} ${half}` : word
}
