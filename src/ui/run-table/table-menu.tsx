'use client'
import { ActionIcon } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Archive, Download, Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { EXPORT_FORMATS } from '#src/core/metrics/export-formats.ts'
import { CopyItems } from '#src/ui/charts/copy-items.tsx'
import { exportAddress } from '#src/ui/charts/export-address.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { pageInput } from './page-input.ts'
import { writeSort } from './sort-list.ts'
import type { LoadedRow } from './table-row.ts'
import { tableText } from './table-text.ts'
import type { SetTableView, TableView } from './table-view.ts'
import type { RunTableState } from './use-run-table.ts'

/** A copy holds so many rows; the file holds all. */
const COPIED_ROWS_MAX = 500

/** What the whole table offers: copies of it, files, archived runs. */
export function TableMenu(props: {
  workspace: string
  project: string
  view: TableView
  set: SetTableView
  state: RunTableState
}) {
  const { workspace, project, view, set, state } = props
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [said, setSaid] = useState<string | null>(null)
  const [rows, setRows] = useState<readonly LoadedRow[] | null>(null)
  const total = state.total ?? 0
  const read = () => {
    setSaid(null)
    setRows(null)
    const input = { ...pageInput(state.question, 0), limit: COPIED_ROWS_MAX }
    queryClient.fetchQuery(trpc.runs.table.queryOptions(input)).then(
      (answer) => setRows(answer.rows.map((row) => ({ row, fields: answer.columns.map(({ field }) => field) }))),
      () => setSaid('The rows could not be read: open this menu again'),
    )
  }
  const query = {
    ...(state.question.q === '' ? {} : { q: state.question.q }),
    ...(state.question.sort.length === 0 ? {} : { sort: writeSort(state.question.sort) }),
    columns: state.question.fields.join(','),
    ...(view.withArchived ? { archived: 'true' } : {}),
  }
  const { q, fields, sort } = state.question
  const file = `/api/screen/runs?${new URLSearchParams({
    workspace,
    project,
    columns: fields.join(','),
    ...(q === '' ? {} : { q }),
    ...(sort.length === 0 ? {} : { sort: writeSort(sort) }),
    ...(view.withArchived ? { archived: 'true' } : {}),
  })}`
  const place = `/projects/${encodeURIComponent(project)}/runs`
  const icon = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <Menu position="bottom-end" width={260} onOpen={read} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label="Copy, save and more" title="Copy, save and more">
          <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {total > COPIED_ROWS_MAX
            ? `Copies have the first ${COPIED_ROWS_MAX} of ${formatExactCount(total)} runs, the file has all`
            : 'The table as it is on the screen'}
        </Menu.Label>
        {rows === null ? (
          <Menu.Label role="status">{said ?? 'Reading the rows'}</Menu.Label>
        ) : (
          <CopyItems
            table={() =>
              tableText({
                title: `Runs of ${project}`,
                columns: state.columns,
                rows,
                currency: state.currency,
                notes: state.question.q === '' ? [] : [`Search: ${state.question.q}`],
              })
            }
            request={{ path: place, query }}
            said={said}
            onSaid={setSaid}
          />
        )}
        <Menu.Item component="a" leftSection={<Download {...icon} />} href={file} download>
          Save all {formatExactCount(total)} rows as CSV
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Every point of all runs, exact</Menu.Label>
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            leftSection={<Download {...icon} />}
            href={exportAddress({ workspace, project, format, superseded: false })}
            download
          >
            Metrics as {format.toUpperCase()}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<Archive {...icon} />}
          onClick={() => set({ archived: !view.withArchived }, { label: 'archived runs' })}
        >
          {view.withArchived ? 'Leave archived runs out' : 'Show archived runs, too'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
