import Link from 'next/link'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { Checkpoint } from '#src/protocol/checkpoints.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { Section } from '#src/ui/kit/section.tsx'
import { checkpointEvaluations } from '#src/ui/matrix/checkpoint-address.ts'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

const WHY = {
  pinned: 'pinned',
  children: 'children start here',
  last: 'last of newest run',
} as const

const columns = (workspace: string, project: string): readonly Column<Checkpoint>[] => [
  {
    key: 'step',
    title: 'Step',
    head: true,
    nowrap: true,
    cell: (c) => (
      <Link className="link" href={paths.checkpoint(workspace, c.id)} title="Where this checkpoint came from">
        {formatExactCount(c.step)}
      </Link>
    ),
  },
  {
    key: 'run',
    title: 'Run',
    nowrap: true,
    cell: (c) =>
      c.run ? (
        <Link className="link" href={paths.run(workspace, project, c.run.number)}>
          #{c.run.number}
        </Link>
      ) : (
        <span className="ink-3">none</span>
      ),
  },
  {
    key: 'tokens',
    title: 'Tokens',
    align: 'right',
    cell: (c) => (c.tokens === null ? '–' : <span title={formatExactCount(c.tokens)}>{formatCount(c.tokens)}</span>),
  },
  {
    key: 'size',
    title: 'Size',
    align: 'right',
    cell: (c) => (c.size > 0 ? formatBytes(c.size) : <span className="ink-3">{c.location ?? 'not here'}</span>),
  },
  {
    key: 'evaluated',
    title: 'Evaluated',
    align: 'right',
    cell: (c) =>
      c.evaluated > 0 ? (
        <Link
          className="link"
          href={checkpointEvaluations(workspace, project, c.id)}
          aria-label={`${c.evaluated} evaluations of the checkpoint at step ${formatExactCount(c.step)}`}
        >
          {c.evaluated}
        </Link>
      ) : (
        <i className={styles.missing} title="not measured" />
      ),
  },
  {
    key: 'why',
    title: 'Of the stage',
    cell: (c) => (c.of_stage ? <span className="ink-2">{WHY[c.of_stage]}</span> : null),
  },
]

/** The stage's checkpoints; the one that stands for the stage is marked, with the reason. */
export function StageCheckpoints({ page, workspace, project }: StagePlace & { page: StagePage }) {
  return (
    <Section title="Checkpoints" note={String(page.checkpoints.length)}>
      <DataTable
        label="Checkpoints of this stage"
        columns={columns(workspace, project)}
        rows={page.checkpoints}
        rowKey={(c) => c.id}
        none="No checkpoint was saved yet."
        selected={(c) => c.of_stage !== null}
      />
    </Section>
  )
}
