import Link from 'next/link'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { CheckpointFile } from '#src/protocol/checkpoints.ts'
import type { Evaluation } from '#src/protocol/evaluations.ts'
import { digitsOf, scoreWords } from '#src/ui/changes/score-digits.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import type { Column } from '#src/ui/table/data-table.tsx'
import styles from './provenance.module.css'

const HASH_CHARACTERS = 12

/** What was measured: score, interval, n, by which protocol, when. */
export const scoreColumns = (workspace: string): readonly Column<Evaluation>[] => [
  {
    key: 'benchmark',
    title: 'Benchmark',
    head: true,
    sortValue: ({ benchmark }) => benchmark.name,
    cell: ({ benchmark, variant, seed }) => (
      <>
        <Link className="link" href={paths.benchmark(workspace, benchmark.slug)}>
          {benchmark.name}
        </Link>
        {variant === '' ? null : <span className="ink-3"> {variant}</span>}
        {seed === '' ? null : <span className="ink-3"> seed {seed}</span>}
      </>
    ),
  },
  { key: 'metric', title: 'Metric', cell: ({ metric }) => metric },
  {
    key: 'score',
    title: 'Score',
    align: 'right',
    cell: ({ score, benchmark }) => <span title={String(score)}>{scoreWords(score, benchmark)}</span>,
  },
  {
    key: 'interval',
    title: '95 % interval',
    align: 'right',
    nowrap: true,
    cell: ({ low, high, interval_note, benchmark, score }) => {
      if (low === null || high === null) return <span className="ink-3">{interval_note ?? '–'}</span>
      const digits = digitsOf(benchmark, score)
      return `${formatNumber(low, digits)} to ${formatNumber(high, digits)}`
    },
  },
  {
    key: 'n',
    title: 'n',
    align: 'right',
    cell: ({ n, n_missing }) =>
      n === null ? <span className="ink-3">{n_missing ?? 'not given'}</span> : formatExactCount(n),
  },
  {
    key: 'protocol',
    title: 'Protocol',
    nowrap: true,
    cell: ({ fingerprint }) => (
      <Link className="link" href={paths.protocol(workspace, fingerprint)}>
        <code className={styles.code}>{fingerprint.slice(0, 8)}</code>
      </Link>
    ),
  },
  {
    key: 'measured',
    title: 'Measured',
    align: 'right',
    nowrap: true,
    cell: ({ measured_at, created_at }) => <Ago at={measured_at ?? created_at} />,
  },
]

/** The files of a checkpoint, each with its hash. */
export const fileColumns: readonly Column<CheckpointFile>[] = [
  { key: 'name', title: 'File', head: true, cell: ({ name }) => name },
  { key: 'size', title: 'Size', align: 'right', nowrap: true, cell: ({ size }) => formatBytes(size) },
  {
    key: 'sha256',
    title: 'SHA-256',
    nowrap: true,
    cell: ({ sha256 }) => (
      <span className={styles.value}>
        <code className={styles.code} title={sha256}>
          {sha256.slice(0, HASH_CHARACTERS)}
        </code>
        <CopyButton icon text={sha256} label="Copy the hash" />
      </span>
    ),
  },
]
