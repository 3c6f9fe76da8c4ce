'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { formatBytes } from '#src/core/format/bytes.ts'
import type { ProjectUse, RunUse, StoredBytes } from '#src/protocol/storage.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './storage.module.css'
import { ThinningPolicy } from './thinning-policy.tsx'
import { USE_COLUMNS } from './use-columns.tsx'

/** Kinds in the order of the bar, and whether their bytes are counted or estimated. */
const KINDS: readonly { key: keyof StoredBytes; word: string; how: 'counted' | 'estimate' }[] = [
  { key: 'raw', word: 'Raw points', how: 'counted' },
  { key: 'levels', word: 'Levels of detail', how: 'counted' },
  { key: 'unsealed', word: 'Not sealed yet', how: 'counted' },
  { key: 'rows', word: 'Rows and indexes', how: 'estimate' },
  { key: 'summaries', word: 'Summaries', how: 'estimate' },
  { key: 'console', word: 'Console', how: 'counted' },
  { key: 'artifacts', word: 'Files', how: 'counted' },
]

interface Row extends RunUse {
  href: string | null
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'run',
    title: 'Run',
    head: true,
    nowrap: true,
    cell: (row) => (
      <>
        {row.href === null ? (
          row.name
        ) : (
          <Link className="link" href={row.href}>
            {row.name}
          </Link>
        )}{' '}
        <span className="ink-3">#{row.number}</span> {row.deleted ? <Chip>deleted</Chip> : null}{' '}
        {row.thinned ? <Chip>thinned</Chip> : null}
      </>
    ),
  },
  {
    key: 'total',
    title: 'Total',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.total_bytes,
    cell: (row) => formatBytes(row.total_bytes),
  },
  USE_COLUMNS.metrics,
  USE_COLUMNS.files,
  USE_COLUMNS.points,
  {
    key: 'perPoint',
    title: 'Bytes per point',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.bytes_per_point,
    cell: (row) => row.bytes_per_point?.toFixed(1) ?? '–',
  },
]

/** One project by kind of content and by run, and its policy for old runs. */
export function ProjectDetail({
  workspace,
  use,
  mayDelete,
}: {
  workspace: string
  use: ProjectUse
  mayDelete: boolean
}) {
  const trpc = useTRPC()
  const detail = useQuery(trpc.storage.project.queryOptions({ workspace, project: use.project }))
  return (
    <>
      <Section title={use.name} note="by kind of content">
        <Kinds bytes={use.bytes} total={use.total_bytes} />
      </Section>
      <Section title="Old runs" note={`of ${use.name}`}>
        <ThinningPolicy workspace={workspace} project={use.project} days={use.thin_after_days} mayDelete={mayDelete} />
      </Section>
      <Section title="Largest runs" note={`of ${use.name}`}>
        <Answer query={detail} what="The list of runs" loading={<LoadingRows rows={4} />}>
          {(data) => (
            <DataTable
              compact
              label="Largest runs"
              request={{ path: `/projects/${encodeURIComponent(use.project)}/storage`, query: {} }}
              columns={COLUMNS}
              rows={data.largest_runs.map((run) => ({
                ...run,
                href: run.deleted ? null : paths.run(workspace, use.project, run.number),
              }))}
              rowKey={(run) => run.uid}
              none="No runs yet."
            />
          )}
        </Answer>
      </Section>
    </>
  )
}

function Kinds({ bytes, total }: { bytes: StoredBytes; total: number }) {
  const shown = KINDS.filter(({ key }) => bytes[key] > 0)
  if (shown.length === 0) return <p className={styles.none}>Nothing is stored yet.</p>
  return (
    <>
      <div className={styles.bar} aria-hidden>
        {shown.map(({ key }) => (
          <span key={key} data-kind={key} style={{ flexGrow: bytes[key] }} />
        ))}
      </div>
      <ul className={styles.kinds}>
        {shown.map(({ key, word, how }) => (
          <li key={key}>
            <i className={styles.swatch} data-kind={key} aria-hidden />
            <span className={styles.kind}>{word}</span>
            <span>{formatBytes(bytes[key])}</span>
            <span className="ink-3">
              {((100 * bytes[key]) / total).toFixed(1)} %{how === 'estimate' ? ', estimated' : ''}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
