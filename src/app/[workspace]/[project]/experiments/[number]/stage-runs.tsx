import Link from 'next/link'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatValue } from '#src/core/format/number.ts'
import { printSearch } from '#src/core/search/print-search.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { Section } from '#src/ui/kit/section.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

type Row = StagePage['runs'][number]

const columns = (workspace: string, project: string): readonly Column<Row>[] => [
  {
    key: 'run',
    title: 'Run',
    head: true,
    cell: (run) => (
      <>
        <Link className="link" href={paths.run(workspace, project, run.number)}>
          {run.name}
        </Link>{' '}
        <span className="ink-3">#{run.number}</span>
      </>
    ),
  },
  { key: 'state', title: 'State', cell: (run) => <StateWord state={run.state} detail={run.message} />, nowrap: true },
  {
    key: 'steps',
    title: 'Step',
    align: 'right',
    cell: (run) => (run.last_step === null ? '–' : formatExactCount(run.last_step)),
  },
  {
    key: 'speed',
    title: 'Tokens/s',
    align: 'right',
    cell: (run) => (run.tokens_per_s === null ? '–' : formatCount(run.tokens_per_s)),
  },
  {
    key: 'loss',
    title: 'Last loss',
    align: 'right',
    cell: (run) =>
      run.last_loss === null ? (
        '–'
      ) : (
        <span title={`${run.loss_key ?? 'loss'}: ${run.last_loss}`}>{formatValue(run.last_loss)}</span>
      ),
  },
  {
    key: 'wall',
    title: 'Wall',
    align: 'right',
    nowrap: true,
    cell: (run) => (run.wall_s === null ? '–' : formatDuration(run.wall_s)),
  },
]

/** The search that finds the runs of this stage. */
const stageSearch = (page: StagePage): string =>
  printSearch({
    kind: 'test',
    field: { kind: 'plain', name: 'stage' },
    op: '=',
    value: { kind: 'text', text: page.experiment.slug, from: 0, to: 0 },
    from: 0,
    to: 0,
  })

/** The runs of the stage; those that only measured stand in a line of their own. */
export function StageRuns({ page, workspace, project }: StagePlace & { page: StagePage }) {
  const evaluations = page.runs.filter((run) => run.kind === 'evaluate')
  const rows = page.runs.filter((run) => run.kind !== 'evaluate')
  return (
    <Section
      title="Runs"
      note={String(page.runs.length)}
      actions={
        <Link
          className="link"
          href={`${paths.runs(workspace, project)}?${new URLSearchParams({ q: stageSearch(page) })}`}
        >
          In the runs table
        </Link>
      }
    >
      <DataTable
        label="Runs of this stage"
        columns={columns(workspace, project)}
        rows={rows}
        rowKey={(run) => run.uid}
        none={evaluations.length === 0 ? 'No run yet.' : 'No run trained here.'}
      />
      {evaluations.length === 0 ? null : (
        <ul className={styles.evaluationRuns} aria-label="Evaluation runs">
          {evaluations.map((run) => (
            <li key={run.uid}>
              Evaluation{' '}
              <Link className="link" href={paths.run(workspace, project, run.number)} title={run.name}>
                #{run.number}
              </Link>
              <StateWord state={run.state} detail={run.message} small />
              {run.wall_s === null ? null : formatDuration(run.wall_s)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
