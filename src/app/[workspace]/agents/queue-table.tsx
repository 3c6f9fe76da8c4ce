'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Role } from '#src/core/roles/permissions.ts'
import type { AgentsPage } from '#src/protocol/agents.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'

type Queue = AgentsPage['queues'][number] & { workspace: string; whyNot: string | null }

const COLUMNS: readonly Column<Queue>[] = [
  { key: 'name', title: 'Queue', head: true, cell: (row) => row.name },
  { key: 'state', title: 'State', cell: (row) => (row.paused ? <Chip tone="warning">paused</Chip> : 'open') },
  { key: 'waiting', title: 'Waiting', align: 'right', cell: (row) => row.waiting },
  { key: 'running', title: 'Running', align: 'right', cell: (row) => row.running },
  {
    key: 'action',
    title: <span className="visually-hidden">Action</span>,
    align: 'right',
    cell: (row) => <Pause row={row} />,
  },
]

/** Queues with what they hold; a paused one hands out no jobs, and what runs goes on. */
export function QueueTable(props: { workspace: string; queues: AgentsPage['queues']; mayPause: boolean; role: Role }) {
  const whyNot = props.mayPause ? null : `Your role here is ${props.role}; editors, admins and owners pause queues.`
  return (
    <DataTable
      label="Queues"
      columns={COLUMNS}
      rows={props.queues.map((queue) => ({ ...queue, workspace: props.workspace, whyNot }))}
      rowKey={(row) => row.name}
      none="No queue yet: the first agent or the first job makes it."
    />
  )
}

function Pause({ row }: { row: Queue }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSuccess = async () => {
    await queryClient.invalidateQueries(trpc.agents.page.queryFilter({ workspace: row.workspace }))
  }
  const pause = useMutation(trpc.agents.pauseQueue.mutationOptions({ onSuccess }))
  const resume = useMutation(trpc.agents.resumeQueue.mutationOptions({ onSuccess }))
  const change = row.paused ? resume : pause
  return (
    <>
      {change.error ? (
        <span role="alert" style={{ color: 'var(--s-failed)', marginRight: 8 }}>
          {readFailure(change.error).sentence}
        </span>
      ) : null}
      <ExplainedButton
        size="compact-xs"
        why={row.whyNot}
        loading={change.isPending}
        onClick={() => change.mutate({ workspace: row.workspace, queue: row.name })}
      >
        {row.paused ? 'Resume queue' : 'Pause queue'}
      </ExplainedButton>
    </>
  )
}
