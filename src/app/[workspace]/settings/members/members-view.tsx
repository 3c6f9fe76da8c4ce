'use client'
import { useQuery } from '@tanstack/react-query'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'

interface Row {
  id: string
  name: string
  email: string | null
  role: string
  joined_at: string
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'name', title: 'Name', head: true, sortValue: (row) => row.name, cell: (row) => row.name },
  { key: 'email', title: 'E-mail', cell: (row) => row.email ?? <span className="ink-3">none</span> },
  { key: 'role', title: 'Role', sortValue: (row) => row.role, cell: (row) => row.role },
  { key: 'joined', title: 'Joined', align: 'right', nowrap: true, cell: (row) => <Ago at={row.joined_at} /> },
]

/** Who belongs to the workspace, and as what. */
export function MembersView({ workspace }: { workspace: string }) {
  const trpc = useTRPC()
  const members = useQuery(trpc.members.list.queryOptions({ workspace }))
  return (
    <>
      <PageHead
        title="Members"
        sentence={
          <>
            Whoever opens a link made by <code>npx descent admin sign-in-link</code> signs in as the owner.
          </>
        }
      />
      <Answer query={members} what="The list of members" loading={<LoadingRows rows={3} />}>
        {(rows) => (
          <DataTable label="Members" columns={COLUMNS} rows={rows} rowKey={(row) => row.id} none="No members." />
        )}
      </Answer>
    </>
  )
}
