import Link from 'next/link'
import { formatExactCount } from '#src/core/format/count.ts'
import type { FoundBenchmark, FoundScore, ScoreFilesReport } from '#src/protocol/imports.ts'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import styles from './add.module.css'
import { countOf, faultsOf, KIND_WORDS, STATE_WORDS } from './found-words.ts'

const SHOWN = 200

const shownNote = (n: number): string => (n > SHOWN ? `the first ${SHOWN} of ${formatExactCount(n)}` : String(n))

const exact = (value: number): string => String(Number(value.toPrecision(8)))

type Fault = ReturnType<typeof faultsOf>[number]

const FAULTS: readonly Column<Fault>[] = [
  {
    key: 'at',
    title: 'Where',
    head: true,
    cell: ({ file, at }) => (
      <span className={styles.where}>
        {at} <span className="ink-3">{file}</span>
      </span>
    ),
  },
  { key: 'reason', title: 'Why', cell: ({ reason }) => reason },
]

/** What was not understood, first: it decides whether to write. */
export function Faults({ report }: { report: ScoreFilesReport }) {
  const faults = faultsOf(report)
  if (faults.length === 0) return null
  return (
    <Section title="Not understood, or cannot be taken" note={shownNote(faults.length)}>
      <DataTable
        label="What was not understood"
        columns={FAULTS}
        rows={faults.slice(0, SHOWN)}
        rowKey={({ key }) => key}
        none="Everything was understood."
      />
    </Section>
  )
}

const BENCHMARKS: readonly Column<FoundBenchmark>[] = [
  {
    key: 'name',
    title: 'Benchmark',
    head: true,
    cell: ({ name, slug, is_new }) => (
      <>
        {name} {name === slug ? null : <span className="ink-3">{slug}</span>}
        {is_new ? <span className={styles.isNew}>new here</span> : null}
      </>
    ),
  },
  {
    key: 'meaning',
    title: 'Read as',
    cell: ({ category, higher_is_better, metrics }) => (
      <>
        {metrics.join(', ')}
        <span className="ink-3">
          {' '}
          {category ?? 'category not told'}
          {higher_is_better === null ? '' : higher_is_better ? ', higher is better' : ', lower is better'}
        </span>
      </>
    ),
  },
  {
    key: 'range',
    title: 'Scores',
    align: 'right',
    nowrap: true,
    cell: ({ low, high }) => (low === high ? exact(low) : `${exact(low)} to ${exact(high)}`),
  },
  { key: 'count', title: 'How many', align: 'right', cell: ({ scores }) => formatExactCount(scores) },
  {
    key: 'checkpoints',
    title: 'Checkpoints',
    align: 'right',
    cell: ({ checkpoints }) => formatExactCount(checkpoints),
  },
  {
    key: 'items',
    title: 'Items',
    align: 'right',
    cell: ({ items }) => (items === 0 ? <span className="ink-3">none</span> : formatExactCount(items)),
  },
]

export const MeansFound = ({ report }: { report: ScoreFilesReport }) => (
  <Section title="Per benchmark" note={String(report.benchmarks.length)}>
    <DataTable
      label="What was understood per benchmark"
      columns={BENCHMARKS}
      rows={report.benchmarks}
      rowKey={({ slug }) => slug}
      none="No benchmark was understood."
    />
  </Section>
)

type FileRow = ScoreFilesReport['files'][number]

const FILES: readonly Column<FileRow>[] = [
  { key: 'name', title: 'File', head: true, cell: ({ name }) => <span className={styles.where}>{name}</span> },
  {
    key: 'kind',
    title: 'Read as',
    cell: ({ kind, model }) => (
      <>
        {KIND_WORDS[kind]}
        {model === null ? null : <span className="ink-3"> of {model}</span>}
      </>
    ),
  },
  {
    key: 'columns',
    title: 'Columns',
    cell: ({ columns }) =>
      columns.length === 0 ? (
        <span className="ink-3">none</span>
      ) : (
        <span className={styles.chips}>
          {columns.map(({ name, ignored }) => (
            <span key={name} data-ignored={ignored !== null || undefined}>
              {name}
              {ignored === null ? null : (
                <span className="ink-3"> ignored {ignored.startsWith('(') ? ignored : ''}</span>
              )}
            </span>
          ))}
        </span>
      ),
  },
]

export const FilesFound = ({ report }: { report: ScoreFilesReport }) => (
  <Section title="Per file and column" note={countOf(report.files.length, 'file')}>
    <DataTable
      label="What was understood per file"
      columns={FILES}
      rows={report.files}
      rowKey={({ name }) => name}
      none="No file."
    />
  </Section>
)

type Row = FoundScore & { workspace: string }

const SCORES: readonly Column<Row>[] = [
  {
    key: 'benchmark',
    title: 'Benchmark',
    head: true,
    cell: ({ benchmark, metric }) => (
      <>
        {benchmark} <span className="ink-3">{metric}</span>
      </>
    ),
  },
  {
    key: 'checkpoint',
    title: 'Checkpoint',
    cell: ({ checkpoint, workspace }) =>
      checkpoint === null ? (
        <span className="ink-3">none</span>
      ) : (
        <>
          <Link
            className="link"
            href={paths.stage(workspace, checkpoint.experiment.project, checkpoint.experiment.number)}
          >
            {checkpoint.experiment.name}
          </Link>{' '}
          <span className="ink-3">step {formatExactCount(checkpoint.step)}</span>
        </>
      ),
  },
  { key: 'score', title: 'Score', align: 'right', nowrap: true, cell: ({ score }) => exact(score) },
  {
    key: 'stderr',
    title: 'Error',
    align: 'right',
    nowrap: true,
    cell: ({ stderr }) =>
      stderr === null ? <span className="ink-3">missing</span> : `± ${exact(Number(stderr.toPrecision(3)))}`,
  },
  {
    key: 'n',
    title: 'n',
    align: 'right',
    cell: ({ n }) => (n === null ? <span className="ink-3">missing</span> : formatExactCount(n)),
  },
  {
    key: 'state',
    title: 'State',
    nowrap: true,
    cell: ({ state }) => <span className={state === 'new' ? undefined : 'ink-3'}>{STATE_WORDS[state]}</span>,
  },
]

export const ScoresFound = ({ report, workspace }: { report: ScoreFilesReport; workspace: string }) => (
  <Section title="Every score" note={shownNote(report.scores.length)}>
    <DataTable
      label="Scores that were found"
      columns={SCORES}
      rows={report.scores.slice(0, SHOWN).map((score) => ({ ...score, workspace }))}
      rowKey={({ file, at, benchmark }) => `${file} ${at} ${benchmark}`}
      none="No score was understood."
    />
  </Section>
)
