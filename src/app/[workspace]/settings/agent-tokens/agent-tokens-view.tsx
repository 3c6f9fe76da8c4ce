'use client'
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { TagsInput } from '#src/ui/kit/tags-input.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { RevokeButton } from '../revoke-button.tsx'
import styles from '../settings.module.css'
import { ShownOnce } from '../shown-once.tsx'

interface Row {
  id: string
  last_four: string
  queues: string[]
  state: 'open' | 'used' | 'expired' | 'revoked'
  created_at: string
  expires_at: string
  used_at: string | null
  revoke: () => Promise<unknown>
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'token',
    title: 'Token',
    head: true,
    nowrap: true,
    cell: (row) => (
      <span className={styles.key}>
        dsc_reg-{row.id}…{row.last_four}
      </span>
    ),
  },
  { key: 'queues', title: 'Queues', cell: (row) => row.queues.join(', ') },
  { key: 'state', title: 'State', cell: (row) => (row.state === 'open' ? 'open' : <Chip>{row.state}</Chip>) },
  { key: 'made', title: 'Made', align: 'right', nowrap: true, cell: (row) => <Ago at={row.created_at} /> },
  {
    key: 'used',
    title: 'Used',
    align: 'right',
    nowrap: true,
    cell: (row) => <Ago at={row.used_at} never="not used" />,
  },
  {
    key: 'action',
    title: <span className="visually-hidden">Action</span>,
    align: 'right',
    cell: (row) =>
      row.state === 'open' ? (
        <RevokeButton
          what={`token …${row.last_four}`}
          why={null}
          consequence="No machine can join with it any more. Agents that have joined stay."
          revoke={row.revoke}
        />
      ) : null,
  },
]

/** Single-use tokens with which machines become agents. */
export function AgentTokensView({ workspace, role }: { workspace: string; role: Role }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const may = ROLE_PERMISSIONS[role].includes('agent:register')
  const [queues, setQueues] = useState<string[]>(['default'])
  const tokens = useQuery(trpc.agents.tokens.queryOptions({ workspace }, { enabled: may, refetchInterval: 15_000 }))
  const onSuccess = async () => {
    await queryClient.invalidateQueries(trpc.agents.tokens.queryFilter({ workspace }))
  }
  const mint = useMutation(trpc.agents.mintToken.mutationOptions({ onSuccess }))
  const revoke = useMutation(trpc.agents.revokeToken.mutationOptions({ onSuccess }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    mint.mutate({ workspace, queues })
  }
  if (!may) {
    return (
      <>
        <PageHead title="Agent tokens" />
        <p className={styles.why}>Your role here is {role}; admins and owners let agents join.</p>
      </>
    )
  }
  return (
    <>
      <PageHead title="Agent tokens" sentence="Each lets one machine join as an agent, once, within an hour." />
      <form className={`${styles.form} ${styles.pair}`} onSubmit={submit} noValidate>
        <TagsInput
          size="xs"
          label="Queues"
          description="Names of queues that the agent may take jobs from"
          value={queues}
          onChange={setQueues}
          error={mint.error ? readFailure(mint.error).sentence : null}
        />
        <Button variant="filled" type="submit" loading={mint.isPending}>
          Make token
        </Button>
      </form>
      {mint.data ? (
        <ShownOnce
          title="Token"
          secret={mint.data.token}
          note="Copy it now: it is not shown again. Pass it to `npx descent agent --token` on the machine."
        />
      ) : null}
      <Answer query={tokens} what="The list of tokens" loading={<LoadingRows rows={4} />}>
        {(rows) => (
          <DataTable
            label="Agent tokens"
            columns={COLUMNS}
            rows={rows.map((row) => ({ ...row, revoke: () => revoke.mutateAsync({ workspace, id: row.id }) }))}
            rowKey={(row) => row.id}
            none="No token was made yet."
          />
        )}
      </Answer>
    </>
  )
}
