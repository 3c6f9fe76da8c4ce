'use client'
import { ArrowUpDown, Layers } from 'lucide-react'
import { type ChosenColumn, writeColumns } from './column-list.ts'
import { ColumnPicker } from './column-picker.tsx'
import { GroupPicker, SortPicker } from './key-list-picker.tsx'
import { writeSort } from './sort-list.ts'
import type { SetTableView, TableView } from './table-view.ts'

/** What a table of runs shows and in which order: its columns, groups and sort keys, each chosen from all keys. */
export function TablePickers(props: {
  workspace: string
  project: string
  view: TableView
  set: SetTableView
  chosen: readonly ChosenColumn[]
}) {
  const { workspace, project, view, set, chosen } = props
  const place = { workspace, project }
  return (
    <>
      <ColumnPicker
        {...place}
        columns={chosen}
        onColumns={(columns, label) => set({ columns: columns && writeColumns(columns) }, { label })}
      />
      <GroupPicker
        {...place}
        Icon={Layers}
        group={view.group}
        onGroup={(group) => set({ group: group.join(','), closed: null }, { label: 'groups' })}
      />
      <SortPicker
        {...place}
        Icon={ArrowUpDown}
        sort={view.sort}
        onSort={(sort) => set({ sort: writeSort(sort) }, { label: 'order of rows' })}
      />
    </>
  )
}
