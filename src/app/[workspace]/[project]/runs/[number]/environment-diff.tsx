'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsInteger, useQueryState } from 'nuqs'
import { useMemo, useState } from 'react'
import { configRows } from '#src/core/comparisons/config-rows.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'
import { ValuePair } from './value-pair.tsx'

/** Names that are offered at once; any other run is found by its number. */
const RUNS_OFFERED = 50
const ROWS_AT_FIRST = 12

/** What differs between where this run ran and where its parent, or any run of the project, did. */
export function EnvironmentDiff(props: RunPlace & { run: RunDetail }) {
  const { run, workspace, project, number } = props
  const trpc = useTRPC()
  const [against, setAgainst] = useQueryState('env_against', parseAsInteger)
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(against !== null)
  const list = useQuery(
    trpc.runs.list.queryOptions({ workspace, project, limit: RUNS_OFFERED }, { enabled: isOpen, staleTime: 60_000 }),
  )
  const other = useQuery(
    trpc.runs.get.queryOptions({ workspace, project, run: against ?? 0 }, { enabled: against !== null, retry: false }),
  )
  const parent = run.parent_run
  const chosen =
    against === null
      ? parent && { name: parent.name, environment: parent.environment }
      : other.data && { name: `${other.data.name} #${against}`, environment: other.data.environment }
  const offered = (list.data?.items ?? [])
    .filter((one) => one.number !== number)
    .map((one) => ({ value: String(one.number), label: `${one.name} #${one.number}` }))
  // A number that is typed is a run, also when its name is not among the newest.
  const byNumber = /^#?([1-9]\d{0,8})$/.exec(typed.trim())?.[1]
  const data = [
    ...(parent ? [{ value: 'parent', label: `Parent: ${parent.name}` }] : []),
    ...offered,
    ...(byNumber && Number(byNumber) !== number && !offered.some((one) => one.value === byNumber)
      ? [{ value: byNumber, label: `Run #${byNumber}` }]
      : []),
    ...(against !== null && !offered.some((one) => one.value === String(against)) && byNumber !== String(against)
      ? [{ value: String(against), label: `Run #${against}` }]
      : []),
  ]
  return (
    <div className={styles.envDiff}>
      <Select
        label="Compare the environment with"
        size="xs"
        searchable
        placeholder={parent ? undefined : 'A run, by name or number'}
        nothingFoundMessage="No run of that name among the newest; type its number."
        data={data}
        value={against === null ? (parent ? 'parent' : null) : String(against)}
        onDropdownOpen={() => setOpen(true)}
        onSearchChange={setTyped}
        onChange={(value) => void setAgainst(value === null || value === 'parent' ? null : Number(value))}
      />
      {against !== null && other.isError ? (
        <Problem what={`Run #${against}`} error={other.error} retry={() => void other.refetch()} />
      ) : against !== null && !other.data ? (
        <LoadingRows rows={3} height={22} />
      ) : chosen ? (
        <Differences before={chosen.environment} after={run.environment} name={chosen.name} />
      ) : null}
    </div>
  )
}

function Differences(props: { before: RunDetail['environment']; after: RunDetail['environment']; name: string }) {
  const rows = useMemo(
    () => configRows([props.before, props.after]).filter((row) => row.differs),
    [props.before, props.after],
  )
  const [whole, setWhole] = useState(false)
  if (rows.length === 0)
    return (
      <p className={styles.quiet}>
        {Object.keys(props.before).length === 0
          ? `${props.name} told no environment.`
          : `The same as that of ${props.name}: commit, command, machine and packages.`}
      </p>
    )
  const shown = whole ? rows : rows.slice(0, ROWS_AT_FIRST)
  return (
    <>
      <p className={styles.quiet}>
        {rows.length} {rows.length === 1 ? 'value differs' : 'values differ'} from {props.name}.
      </p>
      <dl className={styles.config}>
        {shown.map((row) => (
          <div key={row.path.join('.')} data-differs>
            <dt title={row.path.join('.')}>{row.path.join('.')}</dt>
            <ValuePair before={row.cells[0] ?? null} after={row.cells[1] ?? null} differs />
          </div>
        ))}
      </dl>
      {shown.length < rows.length ? (
        <button type="button" className={`link ${styles.moreRows}`} onClick={() => setWhole(true)}>
          Show {rows.length - shown.length} more
        </button>
      ) : null}
    </>
  )
}
