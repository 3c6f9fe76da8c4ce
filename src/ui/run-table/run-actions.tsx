'use client'
import { Archive, ArchiveRestore, Columns2, Star, StarOff, Trash2 } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { RunState } from '#src/core/runs/states.ts'
import { useBulkChange } from '#src/ui/bulk-bar/use-bulk-change.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { showNotice } from '#src/ui/kit/notices.tsx'
import { paths } from '#src/ui/paths.ts'
import type { LoadedRow } from './table-row.ts'
import { useDeleteRun } from './use-delete-run.tsx'

/** What changes a run, for its menu: star, archive, delete, each with a way back; and what sets it beside others. */
export function useRunActions(options: {
  workspace: string
  project: string
  may: { write: boolean; delete: boolean }
  baselineUid: string | null
  refetch: () => Promise<unknown>
}): { items: (loaded: LoadedRow) => ReactNode; dialog: ReactNode } {
  const { workspace, project, may, baselineUid, refetch } = options
  const bulk = useBulkChange({ workspace, project }, () => void refetch())
  const { ask, dialog } = useDeleteRun(workspace, { onDeleted: () => void refetch() })
  const icon = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
  const change = (todo: 'star' | 'unstar' | 'archive' | 'unarchive', uid: string) => {
    void bulk.change({ do: todo }, { runs: [uid] }).then((isDone) => {
      if (!isDone) showNotice({ message: 'The run was not changed: try again.', color: 'red' })
    })
  }
  const items = ({ row }: LoadedRow): ReactNode => (
    <>
      <Menu.Divider />
      <Menu.Item
        leftSection={<Columns2 {...icon} />}
        component={Link}
        href={paths.newComparison(workspace, [`run:${row.uid}`], { withParent: true })}
      >
        Compare with parent
      </Menu.Item>
      {baselineUid !== null && baselineUid !== row.uid ? (
        <Menu.Item
          leftSection={<Columns2 {...icon} />}
          component={Link}
          href={paths.newComparison(workspace, [`run:${baselineUid}`, `run:${row.uid}`])}
        >
          Compare with the baseline
        </Menu.Item>
      ) : null}
      {may.write ? (
        <>
          <Menu.Item
            leftSection={row.starred ? <StarOff {...icon} /> : <Star {...icon} />}
            onClick={() => change(row.starred ? 'unstar' : 'star', row.uid)}
          >
            {row.starred ? 'Take the star off' : 'Star'}
          </Menu.Item>
          <Menu.Item
            leftSection={row.archived ? <ArchiveRestore {...icon} /> : <Archive {...icon} />}
            onClick={() => change(row.archived ? 'unarchive' : 'archive', row.uid)}
          >
            {row.archived ? 'Bring back from archive' : 'Archive'}
          </Menu.Item>
        </>
      ) : null}
      {may.delete ? (
        <Menu.Item
          leftSection={<Trash2 {...icon} />}
          onClick={() => ask({ uid: row.uid, name: row.name, number: row.number, state: row.state as RunState })}
        >
          Delete
        </Menu.Item>
      ) : null}
    </>
  )
  return { items, dialog }
}
