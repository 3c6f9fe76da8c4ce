import Link from 'next/link'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatValue } from '#src/core/format/number.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { Section } from '#src/ui/kit/section.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
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

/** The runs of the stage. */
export function StageRuns({ page, workspace, project }: StagePlace & { page: StagePage }) {
  return (
    <Section title="Runs" note={String(page.runs.length)}>
      <DataTable
        label="Runs of this stage"
        columns={columns(workspace, project)}
        rows={page.runs}
        rowKey={(run) => run.uid}
        none="No run yet."
      />
    </Section>
  )
}
