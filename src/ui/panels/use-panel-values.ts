'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RunSet } from '#src/core/layouts/layout.ts'
import type { ColumnValue } from '#src/core/panels/column.ts'
import { columnLook } from '#src/ui/run-table/column-look.ts'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import type { PanelRun, PanelValues } from './panel-values.ts'

export interface PanelPlace {
  workspace: string
  project: string
}

/** The values of some fields of the runs that are shown, read again while the page is open. */
export function usePanelValues(place: PanelPlace, runs: RunSet, fields: readonly string[]) {
  const trpc = useTRPC()
  const asked =
    runs.q === undefined
      ? { numbers: runs.runs.map(({ number }) => number) }
      : { q: runs.q, archived: runs.archived ?? false }
  const against = runs.baseline ?? null
  const query = useQuery(
    trpc.runs.columnValues.queryOptions(
      {
        ...place,
        ...asked,
        hidden: [...runs.hidden],
        fields: [...fields],
        ...(against !== null && { baseline: against }),
      },
      { enabled: fields.length > 0, placeholderData: keepPreviousData, refetchInterval: POLL_IDLE_MS },
    ),
  )
  const { data } = query
  const values = useMemo<PanelValues | null>(() => {
    if (!data) return null
    const { baseline } = data
    const read = (at: number, cells: readonly ColumnValue[]) => readValues(fields[at] ?? '', cells)
    return {
      runs: data.runs,
      columns: new Map(fields.map((field, i) => [field, read(i, data.columns[i] ?? [])])),
      better: new Map(fields.flatMap((field, i) => (data.fields[i]?.better ? [[field, data.fields[i].better]] : []))),
      matching: data.matching,
      baseline: baseline && {
        run: baseline.run,
        values: new Map(fields.map((field, i) => [field, read(i, [baseline.values[i] ?? null])[0] ?? null])),
      },
    }
  }, [data, fields])
  return { query, values }
}

/** JSON has no NaN and no infinities: numbers that are none travel as their names. */
function readValues(field: string, values: readonly ColumnValue[]): ColumnValue[] {
  const type = columnLook(field)?.type
  if (type === 'text' || type === 'any') return [...values]
  return values.map((value) => (typeof value === 'string' && NOT_FINITE.has(value) ? Number(value) : value))
}

const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity'])

/** The group of each run by the field that they are grouped by; null of every run without one. */
export function groupOfRuns({ runs, columns }: PanelValues, groupedBy: string | null): (string | null)[] {
  const column = groupedBy === null ? undefined : columns.get(groupedBy)
  return runs.map((_: PanelRun, i) => {
    const value = column?.[i] ?? null
    return value === null ? null : Array.isArray(value) ? value.join(', ') : String(value)
  })
}
