'use client'
import { useMediaQuery } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { formatExactCount } from '#src/core/format/count.ts'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import { DELETED_LISTED_MAX, GRACE_DAYS, mayRestore } from '#src/core/runs/retention.ts'
import type { DeletedRun } from '#src/protocol/storage.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { ProgressBar } from '#src/ui/kit/progress-bar.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { RevokeButton } from '../revoke-button.tsx'
import styles from '../settings.module.css'
import { leftWords } from './left-words.ts'

/** How often the list asks again while something is being deleted, in ms. */
const POLL_DELETING_MS = 1_000

interface Row extends DeletedRun {
  why: string | null
  restore: () => Promise<unknown>
  purge: () => Promise<unknown>
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'run',
    title: 'Run',
    head: true,
    nowrap: true,
    sortValue: (row) => row.name,
    cell: (row) => (
      <>
        {row.name} <span className="ink-3">#{row.number}</span>
      </>
    ),
  },
  { key: 'project', title: 'Project', nowrap: true, sortValue: (row) => row.project, cell: (row) => row.project },
  { key: 'stage', title: 'Stage', nowrap: true, cell: (row) => row.stage },
  {
    key: 'deleted',
    title: 'Deleted',
    nowrap: true,
    sortValue: (row) => row.deleted_at,
    cell: (row) => <Ago at={row.deleted_at} />,
  },
  { key: 'left', title: 'What is left', cell: (row) => <Left row={row} /> },
  {
    key: 'action',
    title: <span className="visually-hidden">Actions</span>,
    align: 'right',
    nowrap: true,
    cell: (row) => <Actions row={row} />,
  },
]

/** The way back, while there is one, and the way to wait no longer. */
function Actions({ row }: { row: Row }) {
  if (!mayRestore(row.phase)) return null
  return (
    <span className={styles.actions}>
      <RevokeButton
        verb="Restore"
        what={row.name}
        why={row.why}
        keep="Leave it deleted"
        consequence={
          row.phase === 'waiting'
            ? 'It comes back with all of its data, unless its deletion began meanwhile.'
            : 'It comes back with all of its data, and its program may send again.'
        }
        revoke={row.restore}
      />
      {row.phase === 'restorable' ? (
        <RevokeButton
          verb="Delete for good"
          what={row.name}
          why={row.why}
          consequence="Its metrics, console and files are deleted now instead of at the end of the grace time. This cannot be undone."
          revoke={row.purge}
        />
      ) : null}
    </span>
  )
}

function Left({ row }: { row: Row }) {
  const share = row.rows === null || row.rows === 0 ? 0 : row.rows_done / row.rows
  return (
    <span className={styles.left}>
      {row.phase === 'deleting' ? (
        <ProgressBar
          share={share}
          label={`${formatExactCount(row.rows_done)} of ${formatExactCount(row.rows ?? 0)} rows deleted`}
        />
      ) : null}
      <span className={row.phase === 'gone' ? 'ink-3' : undefined}>{leftWords(row)}</span>
    </span>
  )
}

/** Runs that were deleted: until when each can be restored, and how far the deletion of its data is. */
export function DeletedRunsView({ workspace, role }: { workspace: string; role: Role }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const may = ROLE_PERMISSIONS[role].includes('run:delete')
  const runs = useQuery(
    trpc.runs.deleted.queryOptions(
      { workspace },
      {
        refetchInterval: (query) =>
          query.state.data?.some((row) => row.phase === 'waiting' || row.phase === 'deleting')
            ? POLL_DELETING_MS
            : POLL_IDLE_MS,
      },
    ),
  )
  const renew = { onSuccess: () => queryClient.invalidateQueries(trpc.runs.pathFilter()) }
  const restore = useMutation(trpc.runs.restore.mutationOptions(renew))
  const purge = useMutation(trpc.runs.purge.mutationOptions(renew))
  return (
    <>
      <PageHead
        title="Deleted runs"
        sentence={`Restorable for ${GRACE_DAYS} days; then their data is deleted for good, and their number stays taken.`}
      />
      <Answer query={runs} what="The list of deleted runs" loading={<LoadingRows rows={3} />}>
        {(rows) => (
          <>
            {rows.length === DELETED_LISTED_MAX ? (
              <p className="ink-2">
                The newest {formatExactCount(DELETED_LISTED_MAX)} are listed; older ones come up as these go.
              </p>
            ) : null}
            <Shown
              rows={rows.map((row) => ({
                ...row,
                why: may ? null : 'Admins and owners restore and delete runs.',
                restore: () => restore.mutateAsync({ workspace, run: row.uid }),
                purge: () => purge.mutateAsync({ workspace, run: row.uid }),
              }))}
            />
          </>
        )}
      </Answer>
    </>
  )
}

function Shown({ rows }: { rows: readonly Row[] }) {
  const wide = useMediaQuery('(min-width: 48em)')
  if (wide === undefined) return <LoadingRows rows={3} />
  if (wide || rows.length === 0)
    return (
      <DataTable
        label="Deleted runs"
        columns={COLUMNS}
        rows={rows}
        rowKey={(row) => row.uid}
        none="No run was deleted. One that is stands here until its data is gone."
      />
    )
  return (
    <ul aria-label="Deleted runs">
      {rows.map((row) => (
        <li key={row.uid} className={styles.card}>
          <div>
            <strong>{row.name}</strong> <span className="ink-3">#{row.number}</span>{' '}
            <span className="ink-2">
              {row.project}, {row.stage}
            </span>
          </div>
          <div className="ink-3">
            deleted <Ago at={row.deleted_at} />
          </div>
          <Left row={row} />
          <Actions row={row} />
        </li>
      ))}
    </ul>
  )
}
