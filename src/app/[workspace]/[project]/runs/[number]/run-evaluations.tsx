'use client'
import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import type { Checkpoint } from '#src/protocol/checkpoints.ts'
import type { Benchmark, Change } from '#src/protocol/evaluations.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { benchmarkOrder } from '#src/ui/changes/benchmark-order.ts'
import {
  changeGroups,
  changeInk,
  changeNumber,
  directionArrow,
  intervalWords,
  shortReading,
} from '#src/ui/changes/change-words.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import { WorseBetter } from '#src/ui/changes/worse-better.tsx'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { checkpointEvaluations } from '#src/ui/matrix/checkpoint-address.ts'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { NearestCheckpoint } from './nearest-checkpoint.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'
import { useRunChanges } from './use-run-changes.ts'

const OF_STAGE = { pinned: 'pinned', children: 'of the stage', last: 'last of the stage' } as const

/** A checkpoint's evaluations against the parent, and the checkpoints themselves. */
export function RunEvaluations(props: RunPlace & { run: RunDetail; live: boolean; axis: XAxis }) {
  const [chosen, setChosen] = useQueryState('checkpoint', parseAsString)
  const found = useRunChanges(props, props.live, chosen)
  const { checkpoints, checkpoint, changes } = found
  if (props.run.kind === 'evaluate') return null
  return (
    <Section
      title="Checkpoints and evaluations"
      note={changes.some((c) => c.change !== null) ? 'vs parent; open dot: not proven' : undefined}
      className={styles.first}
      actions={
        checkpoints && checkpoints.filter((c) => c.evaluated > 0).length > 1 ? (
          <Select
            aria-label="Checkpoint"
            w={130}
            value={checkpoint?.id ?? null}
            data={checkpoints.filter((c) => c.evaluated > 0).map((c) => ({ value: c.id, label: `Step ${c.step}` }))}
            onChange={(value) => void setChosen(value)}
          />
        ) : undefined
      }
    >
      {found.error && changes.length === 0 ? (
        <Problem what="The evaluations" error={found.error} retry={found.retry} />
      ) : checkpoints === undefined ? (
        <LoadingRows rows={6} height={26} />
      ) : (
        <>
          {checkpoint && changes.length > 0 ? <ChangesTable changes={changes} step={checkpoint.step} /> : null}
          {checkpoint && found.isLoading && changes.length === 0 ? <LoadingRows rows={6} height={26} /> : null}
          {checkpoints.length === 0 ? (
            <p className={styles.quiet}>No checkpoint was saved yet; evaluations hang on checkpoints.</p>
          ) : (
            <div className={styles.checkpoints}>
              <DataTable
                label="Checkpoints"
                request={{ path: `/runs/${props.run.uid}/checkpoints`, query: {} }}
                columns={checkpointColumns(props)}
                rows={checkpoints}
                rowKey={(c) => c.id}
                none=""
                compact
              />
              <NearestCheckpoint workspace={props.workspace} checkpoints={checkpoints} axis={props.axis} />
            </div>
          )}
          {missing(checkpoints) ? <FillIn checkpoint={missing(checkpoints) as Checkpoint} /> : null}
        </>
      )}
    </Section>
  )
}

/** The newest checkpoint without evaluation, once nothing at all was evaluated. */
const missing = (checkpoints: readonly Checkpoint[]): Checkpoint | undefined =>
  checkpoints.every((c) => c.evaluated === 0) ? checkpoints[0] : undefined

function FillIn({ checkpoint }: { checkpoint: Checkpoint }) {
  return (
    <div className={styles.fillIn}>
      <CodeBlock
        wrap
        label={`Not measured. From Python, for the checkpoint at step ${checkpoint.step}:`}
        text={`descent.run.log_eval("benchmark", score=0.81, n=128, metric="accuracy",\n                     checkpoint="${checkpoint.id}")`}
      />
    </div>
  )
}

/** Columns that say something without a baseline. */
const ALONE: ReadonlySet<string> = new Set(['name', 'n', 'value'])

function ChangesTable({ changes, step }: { changes: readonly Change[]; step: number }) {
  const { target, kept, drift } = changeGroups(changes)
  // A root has no parent: only what was measured, in the order of the other pages.
  const isAlone = changes.every((c) => c.baseline === null)
  const columns: readonly Column<Change>[] = [
    {
      key: 'name',
      title: 'Benchmark',
      head: true,
      cell: (c) => (
        <span title={c.benchmark.slug}>
          {c.benchmark.name} <span className="ink-3">{directionArrow(c.benchmark.higher_is_better)}</span>
        </span>
      ),
    },
    {
      key: 'n',
      title: 'n',
      align: 'right',
      cell: (c) => <span className="ink-3">{c.n === null ? '' : formatCount(c.n)}</span>,
    },
    {
      key: 'parent',
      title: 'Parent',
      align: 'right',
      cell: (c) => <Score value={c.baseline} benchmark={c.benchmark} quiet />,
    },
    {
      key: 'value',
      title: `Step ${step}`,
      align: 'right',
      cell: (c) => <Score value={c.value} benchmark={c.benchmark} />,
    },
    {
      key: 'change',
      title: 'Δ',
      align: 'right',
      cell: (c) => (
        <span className={styles.ink} data-ink={changeInk(c)} title={readingTitle(c)}>
          {changeNumber(c)}
        </span>
      ),
    },
    {
      key: 'mark',
      title: 'worse | better',
      align: 'right',
      width: 84,
      cell: (c) => <WorseBetter change={c} scale={scaleOf(changes, c)} />,
    },
    {
      key: 'word',
      title: 'Reading',
      cell: (c) => <span className={styles.readingWord}>{shortReading(c)}</span>,
    },
  ]
  return (
    <div className={styles.changes}>
      <DataTable
        label={isAlone ? 'Evaluations' : 'Evaluations against the parent'}
        columns={isAlone ? columns.filter((column) => ALONE.has(column.key)) : columns}
        rows={
          isAlone
            ? [...changes].sort((a, b) => benchmarkOrder(a.benchmark, b.benchmark))
            : [...target, ...kept, ...drift]
        }
        rowKey={(c) => c.benchmark.slug}
        none=""
        compact
      />
    </div>
  )
}

const readingTitle = (c: Change): string =>
  [shortReading(c), intervalWords(c) ? `95 % ${intervalWords(c)}` : null, c.reason ?? c.method]
    .filter(Boolean)
    .join('. ')

/** Scores and losses have scales of their own. */
const scaleOf = (changes: readonly Change[], of: Change): number =>
  changes
    .filter((c) => (c.benchmark.kind === 'loss') === (of.benchmark.kind === 'loss'))
    .reduce((max, c) => Math.max(max, Math.abs(c.utility ?? 0), Math.abs(c.low ?? 0), Math.abs(c.high ?? 0)), 0)

function Score(props: { value: number | null; benchmark: Benchmark; quiet?: boolean }) {
  const { value, benchmark, quiet = false } = props
  if (value === null) return <i className={styles.missing} title="not measured" />
  return (
    <span className={quiet ? 'ink-3' : styles.score} title={String(value)}>
      {scoreWords(value, benchmark)}
    </span>
  )
}

const checkpointColumns = ({ workspace, project }: RunPlace): readonly Column<Checkpoint>[] => [
  {
    key: 'step',
    title: 'Checkpoint',
    head: true,
    nowrap: true,
    cell: (c) => (
      <>
        <Link className="link" href={paths.checkpoint(workspace, c.id)} title="Where this checkpoint came from">
          step {formatExactCount(c.step)}
        </Link>
        {c.of_stage ? <span className={styles.ofStage}>{OF_STAGE[c.of_stage]}</span> : null}
      </>
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
    // Where it lies is told in words of any length: they wrap.
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
    key: 'children',
    title: 'Children',
    cell: (c) =>
      c.children.length === 0 ? (
        <span className="ink-3">none</span>
      ) : (
        c.children.map((child, i) => (
          <span key={`${child.project}-${child.number}`}>
            {i > 0 ? ', ' : null}
            <Link className="link" href={paths.stage(workspace, child.project, child.number)}>
              {child.name}
            </Link>
          </span>
        ))
      ),
  },
]
