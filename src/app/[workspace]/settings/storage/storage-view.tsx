'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import type { ProjectUse, WorkspaceStorage } from '#src/protocol/storage.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { ProjectDetail } from './project-detail.tsx'
import styles from './storage.module.css'
import { USE_COLUMNS } from './use-columns.tsx'

/** The server counts once a minute. */
const COUNTED_MS = 60_000

interface Row extends ProjectUse {
  href: string
  isShown: boolean
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'project',
    title: 'Project',
    head: true,
    sortValue: (row) => row.name,
    cell: (row) => (
      <>
        <Link className="link" href={row.href} scroll={false} aria-current={row.isShown || undefined}>
          {row.name}
        </Link>
        {row.name === row.project ? null : <span className="ink-3"> {row.project}</span>}
      </>
    ),
  },
  {
    key: 'total',
    title: 'Total',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.total_bytes,
    cell: (row) => <strong className={styles.total}>{formatBytes(row.total_bytes)}</strong>,
  },
  USE_COLUMNS.metrics,
  {
    key: 'console',
    title: 'Console',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.bytes.console,
    cell: (row) => formatBytes(row.bytes.console),
  },
  USE_COLUMNS.files,
  USE_COLUMNS.points,
  {
    key: 'growth',
    title: 'Per million points',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.bytes_per_million_points,
    cell: (row) => (row.bytes_per_million_points === null ? '–' : formatBytes(row.bytes_per_million_points)),
  },
  {
    key: 'runs',
    title: 'Runs',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.runs,
    cell: (row) => (
      <>
        {formatExactCount(row.runs)}
        {row.deleted_runs > 0 ? <span className="ink-3"> + {row.deleted_runs} deleted</span> : null}
      </>
    ),
  },
  {
    key: 'unsealed',
    title: 'Unsealed',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.unsealed_runs,
    cell: (row) => (row.unsealed_runs === 0 ? '–' : `${row.unsealed_runs} ${row.unsealed_runs === 1 ? 'run' : 'runs'}`),
  },
  {
    key: 'thinning',
    title: 'Thinned after',
    align: 'right',
    nowrap: true,
    cell: (row) => (row.thin_after_days === null ? 'never' : `${row.thin_after_days} days`),
  },
]

/** What a link to this page carries. */
const WORDS = ['project']

/** What projects take on disk; below, one of them by kind and by run, and what is kept of its old runs. */
export function StorageView({ workspace, role }: { workspace: string; role: Role }) {
  const trpc = useTRPC()
  const [chosen] = useQueryState('project', parseAsString)
  const storage = useQuery(
    trpc.storage.workspace.queryOptions({ workspace }, { refetchInterval: COUNTED_MS, staleTime: COUNTED_MS / 2 }),
  )
  const projects = storage.data?.projects ?? []
  const shown = projects.find((row) => row.project === chosen) ?? projects[0]
  const total = projects.reduce((sum, row) => sum + row.total_bytes, 0)
  return (
    <>
      <PageHead
        title="Storage"
        sentence={
          storage.data
            ? `${formatBytes(total)} in ${projects.length} ${projects.length === 1 ? 'project' : 'projects'}`
            : null
        }
      />
      <UnknownParts known={WORDS} />
      <Answer query={storage} what="The use of the disk" loading={<LoadingRows rows={4} />}>
        {(data) => (
          <>
            <DataTable
              label="Storage by project"
              columns={COLUMNS}
              rows={projects.map((row) => ({
                ...row,
                href: `${paths.storage(workspace)}?project=${encodeURIComponent(row.project)}`,
                isShown: row.project === shown?.project,
              }))}
              rowKey={(row) => row.project}
              selected={(row) => row.isShown && projects.length > 1}
              none="No project yet."
            />
            <p className={styles.note}>
              Content is counted, at most once a minute. Rows and indexes around it, and summaries, are estimated from
              their number; free space that PostgreSQL keeps for reuse is not part of it.
            </p>
            {shown ? (
              <ProjectDetail
                key={shown.project}
                workspace={workspace}
                use={shown}
                mayDelete={ROLE_PERMISSIONS[role].includes('run:delete')}
              />
            ) : null}
            {data.instance ? <Instance instance={data.instance} /> : null}
          </>
        )}
      </Answer>
    </>
  )
}

function Instance({ instance }: { instance: NonNullable<WorkspaceStorage['instance']> }) {
  const facts = [
    ['Database', instance.database],
    ['of it metrics', instance.metrics],
    ['of it console', instance.console],
    ['Free on the disk of files', instance.free_disk],
  ] as const
  return (
    <Section title="Whole instance" note="as PostgreSQL tells it: indexes and free space included, all workspaces">
      <dl className={styles.facts}>
        {facts.map(([term, bytes]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{formatBytes(bytes)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
