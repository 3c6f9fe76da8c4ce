import { ActionIcon } from '@mantine/core'
import { Trash2 } from 'lucide-react'
import Link from 'next/link'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatValue } from '#src/core/format/number.ts'
import { stepsDone } from '#src/core/runs/steps-done.ts'
import type { Run } from '#src/protocol/runs.ts'
import { runLook } from '#src/ui/charts/run-colour.ts'
import { StageName } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import type { Column } from '#src/ui/table/data-table.tsx'
import { byWords } from './by-words.ts'
import { runSeconds } from './run-seconds.ts'
import styles from './runs.module.css'

/** The columns of the list of runs. */
export const runColumns = (workspace: string, project: string): readonly Column<Run>[] => [
  {
    key: 'name',
    title: 'Run',
    head: true,
    cell: (run) => (
      <span className={styles.name}>
        <i className={styles.swatch} style={{ background: runLook(run.number).colour }} aria-hidden />
        <Link className={styles.runLink} href={paths.run(workspace, project, run.number)} prefetch={false}>
          {run.name}
        </Link>
        <span className="ink-3">#{run.number}</span>
        {run.kind === 'evaluate' && !/\bevaluation\b/i.test(run.name) ? (
          <span className="ink-3">evaluation</span>
        ) : null}
      </span>
    ),
    sortValue: (run) => run.name,
  },
  {
    key: 'stage',
    title: 'Stage',
    cell: (run) => (
      <StageName kind={run.experiment.stage_kind}>
        <Link
          className="link"
          href={paths.stage(workspace, run.experiment.project, run.experiment.number)}
          prefetch={false}
        >
          {run.experiment.name}
        </Link>
      </StageName>
    ),
    nowrap: true,
    sortValue: (run) => run.experiment.name,
  },
  {
    key: 'state',
    title: 'State',
    nowrap: true,
    cell: (run) => (
      <>
        <StateWord state={run.state} detail={run.message} />
        {(run.attempt ?? 1) > 1 ? <span className="ink-3"> {run.attempt}×</span> : null}
      </>
    ),
    sortValue: (run) => run.state,
  },
  {
    key: 'started',
    title: 'Started',
    nowrap: true,
    cell: (run) => <Ago at={run.started_at} never="not yet" />,
    sortValue: (run) => run.started_at,
  },
  {
    key: 'duration',
    title: 'Duration',
    align: 'right',
    nowrap: true,
    cell: (run) => {
      const seconds = runSeconds(run)
      return seconds === null ? '–' : formatDuration(seconds)
    },
    sortValue: runSeconds,
  },
  {
    key: 'step',
    title: 'Step',
    align: 'right',
    nowrap: true,
    cell: (run) =>
      run.last_step === null ? (
        '–'
      ) : (
        <>
          {formatExactCount(run.total_steps === null ? run.last_step : stepsDone(run.last_step, run.total_steps))}
          {run.total_steps === null ? null : <span className="ink-3"> / {formatExactCount(run.total_steps)}</span>}
        </>
      ),
    sortValue: (run) => run.last_step,
  },
  {
    key: 'tokens',
    title: 'Tokens',
    align: 'right',
    cell: (run) =>
      run.tokens === null ? '–' : <span title={formatExactCount(run.tokens)}>{formatCount(run.tokens)}</span>,
    sortValue: (run) => run.tokens,
  },
  {
    key: 'loss',
    title: 'Loss, last',
    align: 'right',
    cell: (run) => <LastLoss run={run} />,
    sortValue: (run) => (typeof run.last_loss === 'number' ? run.last_loss : null),
  },
  {
    key: 'seed',
    title: 'Seed',
    align: 'right',
    cell: (run) => <span className="ink-2">{run.seed ?? '–'}</span>,
    sortValue: (run) => run.seed,
  },
  {
    key: 'by',
    title: 'By',
    cell: (run) => (
      <span className="ink-2" title={run.created_by}>
        {byWords(run)}
      </span>
    ),
    nowrap: true,
  },
]

/** Deletes one run of the list; `ask` asks once more. */
export const deleteColumn = (ask: (run: Run) => void): Column<Run> => ({
  key: 'delete',
  title: <span className="visually-hidden">Action</span>,
  align: 'right',
  width: 32,
  cell: (run) => (
    <ActionIcon
      className={styles.delete}
      variant="subtle"
      color="gray"
      size={24}
      aria-label={`Delete ${run.name} (#${run.number})`}
      title="Delete"
      onClick={() => ask(run)}
    >
      <Trash2 size={14} strokeWidth={1.75} aria-hidden />
    </ActionIcon>
  ),
})

/** NaN and infinities stand out; a run without a loss has a dash. */
function LastLoss({ run }: { run: Run }) {
  const { last_loss: loss, loss_key: key } = run
  if (loss === null || loss === undefined) return '–'
  if (typeof loss === 'string')
    return (
      <span className={styles.bad} title={key ?? undefined}>
        {loss.replace('Infinity', '∞').replace('-', '−')}
      </span>
    )
  return <span title={`${key ?? 'loss'}: ${loss}`}>{formatValue(loss)}</span>
}
