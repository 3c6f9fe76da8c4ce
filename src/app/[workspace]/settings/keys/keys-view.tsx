'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import type { Key } from '#src/protocol/keys.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { RevokeButton } from '../revoke-button.tsx'
import styles from '../settings.module.css'
import { KEY_SCOPE_WORDS, MintKeyForm } from './mint-key-form.tsx'

interface Row extends Key {
  revoke: () => Promise<unknown>
  why: string | null
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'name', title: 'Name', head: true, sortValue: (row) => row.name, cell: (row) => row.name },
  {
    key: 'key',
    title: 'Key',
    nowrap: true,
    cell: (row) => (
      <span className={styles.key}>
        {row.prefix}…{row.last_four}
      </span>
    ),
  },
  { key: 'scope', title: 'May', nowrap: true, cell: (row) => KEY_SCOPE_WORDS[row.scope] },
  {
    key: 'place',
    title: 'Where',
    nowrap: true,
    cell: (row) => row.project ?? <span className="ink-2">whole workspace</span>,
  },
  {
    key: 'state',
    title: 'State',
    cell: (row) => (row.state === 'active' ? 'active' : <Chip>{row.state}</Chip>),
  },
  { key: 'by', title: 'Made by', nowrap: true, cell: (row) => row.created_by },
  {
    key: 'used',
    title: 'Last used',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.last_used_at,
    cell: (row) => <Ago at={row.last_used_at} />,
  },
  {
    key: 'expires',
    title: 'Ends',
    align: 'right',
    nowrap: true,
    cell: (row) => row.expires_at?.slice(0, 10) ?? 'never',
  },
  {
    key: 'action',
    title: <span className="visually-hidden">Action</span>,
    align: 'right',
    cell: (row) =>
      row.state === 'active' ? (
        <RevokeButton
          what={row.name}
          why={row.why}
          consequence="Programs that use it are refused from now on. Points that they could not send wait on their disks. This cannot be undone."
          revoke={row.revoke}
        />
      ) : null,
  },
]

/** Keys for programs: made here, shown once, revoked here. */
export function KeysView({ workspace, role }: { workspace: string; role: Role }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const may = ROLE_PERMISSIONS[role].includes('key:manage-own')
  const keys = useQuery(trpc.keys.list.queryOptions({ workspace }, { enabled: may }))
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.keys.list.queryFilter({ workspace }))
      },
    }),
  )
  const all = ROLE_PERMISSIONS[role].includes('key:manage-all')
  const active = keys.data?.filter((key) => key.state === 'active').length
  return (
    <>
      <PageHead title="Keys" sentence={active === undefined ? null : `${active} active`} />
      {may ? (
        <>
          <MintKeyForm workspace={workspace} role={role} />
          <Answer query={keys} what="The list of keys" loading={<LoadingRows rows={4} />}>
            {(rows) => (
              <DataTable
                label="Keys"
                columns={COLUMNS}
                rows={rows.map((row) => ({
                  ...row,
                  revoke: () => revoke.mutateAsync({ workspace, id: row.id }),
                  why: row.mine || all ? null : 'Somebody else made it; admins and owners revoke it.',
                }))}
                rowKey={(row) => row.id}
                none="No key yet. A script needs one to send metrics; name it after the machine or the job that will hold it."
              />
            )}
          </Answer>
        </>
      ) : (
        <p className={styles.why}>Your role here is {role}; editors, admins and owners have keys.</p>
      )}
    </>
  )
}
