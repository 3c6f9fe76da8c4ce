'use client'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Columns2 } from 'lucide-react'
import Link from 'next/link'
import { useMemo } from 'react'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { paths } from '#src/ui/paths.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './run-table.module.css'
import type { SetTableView, TableView } from './table-view.ts'
import type { RunTableState } from './use-run-table.ts'
import { numbersTest, withTests } from './value-filter.ts'

const BulkBar = later(() => import('#src/ui/bulk-bar/bulk-bar.tsx').then((file) => file.BulkBar))

/** A comparison of more than these cannot be read. */
const COMPARED_MAX = 20

/** What can be done with the runs that are selected, in place of the toolbar. */
export function SelectedRuns(props: {
  workspace: string
  project: string
  view: TableView
  set: SetTableView
  state: RunTableState
  count: number
  may: { write: boolean; delete: boolean }
}) {
  const { workspace, project, view, set, state, count, may } = props
  const { selection } = view
  const numbers = useMemo(
    () => [...(selection.kind === 'all' ? selection.except : selection.numbers)].sort((a, b) => a - b),
    [selection],
  )
  const choice =
    selection.kind === 'all'
      ? { q: state.question.q, archived: view.withArchived, except_numbers: numbers, matching: state.total ?? 0 }
      : { numbers }
  const why =
    selection.kind === 'all'
      ? 'Select runs one by one: a comparison holds those that are named.'
      : count < 2
        ? 'Select two runs or more.'
        : count > COMPARED_MAX
          ? `A comparison holds ${COMPARED_MAX} runs at most.`
          : null
  // The ids by which a link names them, also of runs that a link selected and nobody has scrolled to.
  const named = useQuery({
    ...useTRPC().runs.table.queryOptions({
      workspace,
      project,
      q: withTests('', [numbersTest(numbers, false)]),
      limit: COMPARED_MAX,
      archived: true,
    }),
    enabled: why === null,
  })
  const uids = why === null ? (named.data?.rows.map(({ uid }) => uid) ?? []) : []
  const icon = <Columns2 size={14} strokeWidth={1.75} aria-hidden />
  return (
    <div className={styles.toolbar}>
      {why === null && uids.length === count ? (
        <Button
          size="compact-xs"
          leftSection={icon}
          component={Link}
          href={paths.newComparison(
            workspace,
            uids.map((uid) => `run:${uid}` as const),
          )}
        >
          Compare
        </Button>
      ) : (
        <ExplainedButton size="compact-xs" leftSection={icon} why={why ?? 'The runs are being looked up.'}>
          Compare
        </ExplainedButton>
      )}
      <BulkBar
        place={{ workspace, project }}
        choice={choice}
        count={count}
        may={may}
        onDone={() => void state.refetch()}
        onClear={() => set({ select: null }, { label: 'selection' })}
      />
    </div>
  )
}
