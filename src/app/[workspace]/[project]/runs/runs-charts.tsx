'use client'
import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { memo } from 'react'
import type { RunSet } from '#src/core/layouts/layout.ts'
import type { SetTableView, TableView } from '#src/ui/run-table/table-view.ts'

/** Charts are as large as all else together: the table does not wait for them. */
const Workspace = dynamic(() => import('#src/ui/workspace/workspace.tsx').then((module) => module.Workspace), {
  ssr: false,
  loading: () => <Skeleton height={640} radius={0} />,
})

/** The charts of the runs that the table shows; scrolling the table leaves them alone. `scrolls`: within their pane, or with the page. */
export const RunsCharts = memo(function RunsCharts(props: {
  workspace: string
  project: string
  view: TableView
  set: SetTableView
  runs: RunSet
  scrolls: 'own' | 'page'
}) {
  const { workspace, project, view, set, runs, scrolls } = props
  return (
    <Workspace
      workspace={workspace}
      project={project}
      runs={runs}
      colouredBy={view.colouredBy}
      onColouredBy={(colour) => set({ colour }, { label: 'colours of runs' })}
      scrolls={scrolls}
    />
  )
})
