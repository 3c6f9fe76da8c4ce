import Link from 'next/link'
import { formatCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatValue } from '#src/core/format/number.ts'
import { stepsDone } from '#src/core/runs/steps-done.ts'
import type { Run } from '#src/protocol/runs.ts'
import { ProgressBar } from '#src/ui/kit/progress-bar.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { runSeconds } from './run-seconds.ts'
import styles from './runs.module.css'

/** Runs on a phone: two lines each, the whole width touchable; what runs now comes first, with its progress. */
export function RunCards(props: { rows: readonly Run[]; workspace: string; project: string }) {
  const running = props.rows.filter((run) => run.state === 'running')
  const rest = props.rows.filter((run) => run.state !== 'running')
  return (
    <ul>
      {[...running, ...rest].map((run) => (
        <li key={run.uid}>
          <Link className={styles.card} href={paths.run(props.workspace, props.project, run.number)} prefetch={false}>
            <span className={styles.cardLine}>
              <StageIcon kind={run.experiment.stage_kind} label />
              <strong>{run.name}</strong>
              <span className="ink-3">#{run.number}</span>
              <span className={styles.cardEnd}>
                <StateWord state={run.state} />
              </span>
            </span>
            <span className={styles.cardLine}>
              <span className="ink-2">{run.experiment.name}</span>
              {run.tokens === null ? null : <span className="ink-3">{formatCount(run.tokens)} tokens</span>}
              {runSeconds(run) === null ? null : <span className="ink-3">{formatDuration(runSeconds(run) ?? 0)}</span>}
              {typeof run.last_loss === 'number' ? (
                <span className="ink-3">loss {formatValue(run.last_loss)}</span>
              ) : null}
              <span className={`${styles.cardEnd} ink-3`}>
                <Ago at={run.started_at} never="not yet" />
              </span>
            </span>
            {run.state === 'running' && run.total_steps !== null && run.last_step !== null ? (
              <ProgressBar
                share={stepsDone(run.last_step, run.total_steps) / Math.max(1, run.total_steps)}
                label={`${stepsDone(run.last_step, run.total_steps)} of ${run.total_steps} steps`}
                width="100%"
              />
            ) : null}
          </Link>
        </li>
      ))}
    </ul>
  )
}
