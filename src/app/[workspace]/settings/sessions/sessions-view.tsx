'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { RevokeButton } from '../revoke-button.tsx'
import { browserWords } from './browser-words.ts'

interface Row {
  id: number
  current: boolean
  method: string
  created_at: string
  last_seen_at: string
  expires_at: string
  address_prefix: string | null
  user_agent: string | null
  revoke: () => Promise<unknown>
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'browser',
    title: 'Browser',
    head: true,
    cell: (row) => (
      <span title={row.user_agent ?? undefined}>
        {browserWords(row.user_agent)} {row.current ? <Chip>this one</Chip> : null}
      </span>
    ),
  },
  {
    key: 'address',
    title: 'Network',
    cell: (row) => row.address_prefix ?? <span className="ink-3">not recorded</span>,
  },
  { key: 'method', title: 'Signed in by', cell: (row) => (row.method === 'link' ? 'one-time link' : row.method) },
  { key: 'made', title: 'Since', align: 'right', nowrap: true, cell: (row) => <Ago at={row.created_at} /> },
  { key: 'seen', title: 'Last used', align: 'right', nowrap: true, cell: (row) => <Ago at={row.last_seen_at} /> },
  { key: 'ends', title: 'Ends', align: 'right', nowrap: true, cell: (row) => row.expires_at.slice(0, 10) },
  {
    key: 'action',
    title: <span className="visually-hidden">Action</span>,
    align: 'right',
    cell: (row) => (
      <RevokeButton
        what={row.current ? 'this session' : `the session of ${browserWords(row.user_agent)}`}
        why={row.current ? 'This is the session you are using; sign out instead.' : null}
        verb="End"
        consequence="That browser is signed out at its next request."
        revoke={row.revoke}
      />
    ),
  },
]

/** Where one is signed in, and the way to end each. */
export function SessionsView() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const sessions = useQuery(trpc.sessions.list.queryOptions())
  const revoke = useMutation(
    trpc.sessions.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.sessions.list.queryFilter())
      },
    }),
  )
  return (
    <>
      <PageHead title="Sessions" sentence="Browsers in which you are signed in." />
      <Answer query={sessions} what="The list of sessions" loading={<LoadingRows rows={3} />}>
        {(rows) => (
          <DataTable
            label="Sessions"
            columns={COLUMNS}
            rows={rows.map((row) => ({ ...row, revoke: () => revoke.mutateAsync({ id: row.id }) }))}
            rowKey={(row) => String(row.id)}
            none="No session."
          />
        )}
      </Answer>
    </>
  )
}
