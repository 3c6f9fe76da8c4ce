'use client'
import { useMediaQuery } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Clock, ListOrdered, Lock, Pause } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import type { Role } from '#src/core/roles/permissions.ts'
import { stepsDone } from '#src/core/runs/steps-done.ts'
import type { Job } from '#src/protocol/agents.ts'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { useNow } from '#src/ui/kit/now.ts'
import { ProgressBar } from '#src/ui/kit/progress-bar.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './agents.module.css'

interface Row extends Job {
  workspace: string
  /** Null: may be canceled; else why not. */
  whyNot: string | null
}

interface TableProps {
  workspace: string
  jobs: readonly Job[]
  mayCancel: boolean
  role: Role
}

const JOB: Column<Row> = {
  key: 'job',
  title: 'Job',
  head: true,
  nowrap: true,
  cell: (row) => (
    <span className={styles.job}>
      <StageIcon kind={row.experiment.stage_kind} label />
      <Link href={paths.run(row.workspace, row.project, row.run.number)} prefetch={false}>
        {row.experiment.name}
      </Link>
      <span className="ink-3">
        #{row.run.number}
        {row.kind === 'evaluate' ? ' evaluation' : ''}
      </span>
    </span>
  ),
}

const PROJECT: Column<Row> = {
  key: 'project',
  title: 'Project',
  nowrap: true,
  cell: (row) => (
    <Link className="ink-2" href={paths.lineage(row.workspace, row.project)} prefetch={false}>
      {row.project}
    </Link>
  ),
}

const CANCEL: Column<Row> = {
  key: 'cancel',
  title: <span className="visually-hidden">Action</span>,
  align: 'right',
  cell: (row) => <Cancel row={row} />,
}

const RUNNING: readonly Column<Row>[] = [
  JOB,
  PROJECT,
  { key: 'agent', title: 'Agent', nowrap: true, cell: (row) => row.agent ?? '' },
  { key: 'progress', title: 'Progress', nowrap: true, cell: (row) => <Progress row={row} /> },
  {
    key: 'lease',
    title: 'Lease left',
    align: 'right',
    nowrap: true,
    cell: (row) => <LeaseLeft until={row.lease_until} />,
  },
  {
    key: 'attempt',
    title: 'Attempt, fence',
    align: 'right',
    nowrap: true,
    cell: (row) => (
      <span title="A newer holder of the job has a larger fence and makes older writes fail">
        {row.attempt} <span className="ink-3">of {row.max_attempts}</span>, {row.fence}
      </span>
    ),
  },
  {
    key: 'started',
    title: 'Started',
    align: 'right',
    nowrap: true,
    cell: (row) => <Ago at={row.started_at} never="not yet" />,
  },
  CANCEL,
]

const WAITING: readonly Column<Row>[] = [
  JOB,
  PROJECT,
  { key: 'queue', title: 'Queue', cell: (row) => row.queue },
  { key: 'why', title: 'Why it waits', cell: (row) => <Reason row={row} /> },
  { key: 'since', title: 'Since', align: 'right', nowrap: true, cell: (row) => <Ago at={row.created_at} /> },
  CANCEL,
]

const RECENT: readonly Column<Row>[] = [
  JOB,
  PROJECT,
  { key: 'state', title: 'State', cell: (row) => <StateWord state={row.state} detail={row.reason} /> },
  { key: 'reason', title: 'How it ended', cell: (row) => <span className="ink-2">{row.reason || endWords(row)}</span> },
  { key: 'agent', title: 'Agent', nowrap: true, cell: (row) => row.agent ?? <span className="ink-3">none</span> },
  { key: 'took', title: 'Took', align: 'right', nowrap: true, cell: (row) => took(row) },
  { key: 'ended', title: 'Ended', align: 'right', nowrap: true, cell: (row) => <Ago at={row.ended_at} /> },
]

export const RunningJobs = (props: TableProps) => (
  <DataTable
    label="Running jobs"
    columns={useIsWide() ? RUNNING : RUNNING_NARROW}
    rows={rowsOf(props)}
    rowKey={(row) => row.id}
    none="Nothing runs now."
  />
)

export const WaitingJobs = (props: TableProps) => (
  <DataTable
    label="Waiting jobs"
    columns={useIsWide() ? WAITING : WAITING_NARROW}
    rows={rowsOf(props)}
    rowKey={(row) => row.id}
    none="Nothing waits."
  />
)

/** On a phone what matters stands under the job's name, and the rest is left to its page. */
const narrowJob = (below: (row: Row) => ReactNode): Column<Row> => ({
  key: 'job',
  title: 'Job',
  head: true,
  cell: (row) => (
    <span className={styles.jobNarrow}>
      {JOB.cell(row)}
      <small>{below(row)}</small>
    </span>
  ),
})

const RUNNING_NARROW: readonly Column<Row>[] = [
  narrowJob((row) => `${row.project}, on ${row.agent ?? 'no agent'}, attempt ${row.attempt} of ${row.max_attempts}`),
  { key: 'progress', title: 'Progress', nowrap: true, cell: (row) => <Progress row={row} bar={false} /> },
  CANCEL,
]

const WAITING_NARROW: readonly Column<Row>[] = [
  narrowJob((row) => (
    <>
      {row.project}: {row.reason || 'waits for a free slot'} <ToGate row={row} />
    </>
  )),
  CANCEL,
]

const RECENT_NARROW: readonly Column<Row>[] = [
  narrowJob((row) => [row.project, row.reason || endWords(row)].filter((words) => words !== '').join(', ')),
  {
    key: 'state',
    title: 'State',
    align: 'right',
    nowrap: true,
    cell: (row) => (
      <span className={styles.jobNarrow}>
        <StateWord state={row.state} detail={row.reason} />
        <small>
          {row.started_at === null || row.ended_at === null ? null : <>{took(row)}, </>}
          <Ago at={row.ended_at} />
        </small>
      </span>
    ),
  },
]

/** False on a phone. */
const useIsWide = (): boolean => useMediaQuery('(min-width: 48em)') ?? true

export function RecentJobs({ workspace, jobs }: { workspace: string; jobs: readonly Job[] }) {
  const wide = useIsWide()
  return (
    <DataTable
      label="Recent jobs"
      columns={wide ? RECENT : RECENT_NARROW}
      rows={jobs.map((job) => ({ ...job, workspace, whyNot: null }))}
      rowKey={(row) => row.id}
      none={
        <>
          No job has ended yet. <code>npx descent launch FILE</code> queues the jobs of a pipeline.
        </>
      }
      compact={wide}
    />
  )
}

const rowsOf = ({ workspace, jobs, mayCancel, role }: TableProps): Row[] =>
  jobs.map((job) => ({
    ...job,
    workspace,
    whyNot: mayCancel
      ? job.state === 'canceling'
        ? 'It is being canceled already.'
        : null
      : `Your role here is ${role}; editors, admins and owners cancel jobs.`,
  }))

function Progress({ row, bar = true }: { row: Row; bar?: boolean }) {
  const { progress } = row
  if (progress === null) return <StateWord state={row.state} detail={row.reason} />
  const { total_steps: total } = progress
  const step = total ? stepsDone(progress.step, total) : progress.step
  return (
    <span className={styles.progress}>
      {total && bar ? <ProgressBar share={step / total} label={`Progress of ${row.experiment.name}`} /> : null}
      <span>
        {formatCount(step)}
        {total ? <span className="ink-3"> of {formatCount(total)}</span> : <span className="ink-3"> steps</span>}
      </span>
    </span>
  )
}

function LeaseLeft({ until }: { until: string | null }) {
  const now = useNow()
  if (until === null || now === 0) return <span className="ink-3">·</span>
  const left = Math.round((Date.parse(until) - now) / 1_000)
  return left > 0 ? <>{left} s</> : <span style={{ color: 'var(--s-lost)' }}>over</span>
}

function Reason({ row }: { row: Row }) {
  const Icon = row.held_by ? Lock : /paused/i.test(row.reason) ? Pause : row.state === 'waiting' ? Clock : ListOrdered
  return (
    <span className={styles.reason}>
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      <span>
        {row.reason || 'Waits for a free slot'} <ToGate row={row} />
      </span>
    </span>
  )
}

/** The way to the gate that holds a job up: there it can be let pass. */
const ToGate = ({ row }: { row: Row }) =>
  row.held_by ? (
    <Link className="link" href={paths.stage(row.workspace, row.project, row.held_by.number)} prefetch={false}>
      To the gate of {row.held_by.name}
    </Link>
  ) : null

/** How a job ended when nobody wrote a reason. */
const endWords = (row: Row): string => (row.exit_code === null ? '' : `exit code ${row.exit_code}`)

const took = (row: Row) =>
  row.started_at === null || row.ended_at === null ? (
    <span className="ink-3" title="It never started">
      ·
    </span>
  ) : (
    formatDuration((Date.parse(row.ended_at) - Date.parse(row.started_at)) / 1_000)
  )

function Cancel({ row }: { row: Row }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const cancel = useMutation(
    trpc.jobs.cancel.mutationOptions({
      onSuccess: async () => {
        setAsking(false)
        await queryClient.invalidateQueries(trpc.agents.page.queryFilter({ workspace: row.workspace }))
      },
    }),
  )
  return (
    <>
      <ExplainedButton size="compact-xs" why={row.whyNot} onClick={() => setAsking(true)}>
        Cancel
      </ExplainedButton>
      <Confirm
        opened={asking}
        title={`Cancel ${row.experiment.name} #${row.run.number}?`}
        verb="Cancel job"
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate({ workspace: row.workspace, job: row.id })}
        onClose={() => setAsking(false)}
      >
        {row.state === 'waiting' || row.state === 'queued'
          ? 'It will not start. Stages that need its checkpoint are canceled with it.'
          : 'The agent stops its program. Points and checkpoints written so far stay; stages that need a later checkpoint are canceled.'}
      </Confirm>
    </>
  )
}
