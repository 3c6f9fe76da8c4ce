import { formatExactCount } from '#src/core/format/count.ts'
import styles from '#src/ui/run-table/run-table.module.css'
import type { TableView } from '#src/ui/run-table/table-view.ts'
import type { RunTableState } from '#src/ui/run-table/use-run-table.ts'

/** What of the runs is in the charts, and how the rows of groups are to be read. */
export function RunsFoot({ view, state }: { view: TableView; state: RunTableState }) {
  const { runs, matching, hidden } = state.runSet
  const beyond = Math.max(0, matching - runs.length - hidden.length)
  return (
    <footer className={styles.foot}>
      {state.drawn === null ? (
        <span>Looking up what charts show</span>
      ) : (
        <span>
          <strong>{formatExactCount(runs.length)}</strong> shown in charts
          {hidden.length > 0 ? `, ${formatExactCount(hidden.length)} hidden` : ''}
          {beyond > 0 ? `, ${formatExactCount(beyond)} beyond the first 500` : ''}
        </span>
      )}
      {view.baseline === null ? null : (
        <span>
          {state.baseline
            ? `against ${state.baseline.row.name} #${state.baseline.row.number}`
            : `the baseline #${view.baseline} is not there any more`}
        </span>
      )}
      {state.groupsBeyond > 0 ? (
        <span>{formatExactCount(state.groupsBeyond)} more groups are not listed: search for fewer runs</span>
      ) : null}
      <span>{view.group.length > 0 ? 'rows of groups: median ± SD; sum of tokens, time and cost' : ''}</span>
    </footer>
  )
}
