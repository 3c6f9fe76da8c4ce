'use client'
import { memo } from 'react'
import type { RunSet } from '#src/core/layouts/layout.ts'
import type { SetTableView, TableView } from '#src/ui/run-table/table-view.ts'
import { WorkspaceLater } from '#src/ui/workspace/workspace-later.tsx'

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
    <WorkspaceLater
      shape={640}
      workspace={workspace}
      project={project}
      runs={runs}
      colouredBy={view.colouredBy}
      onColouredBy={(colour) => set({ colour }, { label: 'colours of runs' })}
      scrolls={scrolls}
    />
  )
})
