'use client'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RunSet } from '#src/core/layouts/layout.ts'
import { byProject, originsOf, type ProjectRuns } from '#src/core/layouts/origins.ts'
import type { ColumnValue } from '#src/core/panels/column.ts'
import type { ColumnValues } from '#src/protocol/column-values.ts'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { columnLook } from '#src/ui/run-table/column-look.ts'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { joinValues, type PanelRun, type PanelValues } from './panel-values.ts'

export interface PanelPlace {
  workspace: string
  /** Of several projects the first. */
  project: string
}

export interface PanelAnswer {
  /** Null until the first answer. */
  values: PanelValues | null
  error: unknown
  retry: () => void
}

/** How often the values of one project are asked for at most while its runs are written to, ms. */
const REFRESH_MS = 2_000

/**
 * The values of some fields of the runs that are shown. Those of one project are read again when its runs advance, those of several
 * from time to time.
 */
export function usePanelValues(place: PanelPlace, runs: RunSet, fields: readonly string[]): PanelAnswer {
  const isAcross = useMemo(() => originsOf(runs.runs) !== null, [runs.runs])
  const here = useValuesHere(place, runs, fields, !isAcross)
  const across = useValuesAcross(place, runs, fields, isAcross)
  return isAcross ? across : here
}

function useValuesHere(place: PanelPlace, runs: RunSet, fields: readonly string[], enabled: boolean): PanelAnswer {
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
      {
        enabled: enabled && fields.length > 0,
        placeholderData: keepPreviousData,
        refetchInterval: POLL_IDLE_MS,
      },
    ),
  )
  const { data } = query
  useRefreshOnNews(
    { ...place, runs: 'all', what: ['state', 'progress'], enabled: enabled && fields.length > 0, everyMs: REFRESH_MS },
    () => query.refetch({ cancelRefetch: false }),
  )
  const values = useMemo(() => (data ? valuesOf(data, fields) : null), [data, fields])
  return { values, error: query.error, retry: () => void query.refetch() }
}

function useValuesAcross(place: PanelPlace, set: RunSet, fields: readonly string[], enabled: boolean): PanelAnswer {
  const trpc = useTRPC()
  const origins = useMemo(() => originsOf(set.runs), [set.runs])
  const parts = useMemo(() => {
    const hidden = new Set(set.hidden)
    const shown = set.runs.map(({ number }) => number).filter((number) => !hidden.has(number))
    return enabled ? byProject(shown, origins, place.project) : []
  }, [enabled, set, origins, place.project])
  const against = origins?.get(set.baseline ?? -1)
  const results = useQueries({
    queries: parts.map((part) => ({
      ...trpc.runs.columnValues.queryOptions({
        workspace: place.workspace,
        project: part.project,
        numbers: part.numbers,
        fields: [...fields],
        ...(against?.project === part.project && { baseline: against.number }),
      }),
      enabled: fields.length > 0,
      placeholderData: keepPreviousData,
      refetchInterval: POLL_IDLE_MS,
    })),
    combine: (all) => ({
      data: all.map(({ data }) => data),
      error: all.find(({ isError }) => isError)?.error ?? null,
      refetch: () => Promise.all(all.map(({ refetch }) => refetch())),
    }),
  })
  const { data } = results
  const values = useMemo(() => {
    const told = parts.flatMap((part, i) => {
      const answer = data[i]
      return answer ? [withKeys(valuesOf(answer, fields), part, set)] : []
    })
    return told.length < parts.length || told.length === 0 ? null : joinValues(told, fields)
  }, [parts, data, fields, set])
  return { values, error: results.error, retry: () => void results.refetch() }
}

function valuesOf(data: ColumnValues, fields: readonly string[]): PanelValues {
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
}

/** The runs of one project with the numbers that they have beside those of others. */
function withKeys(values: PanelValues, { numbers, keys }: ProjectRuns, set: RunSet): PanelValues {
  const keyOf = new Map(numbers.map((number, i) => [number, keys[i] as number]))
  const drawn = new Map(set.runs.map((run) => [run.number, run]))
  const named = (run: PanelRun): PanelRun => {
    const number = keyOf.get(run.number) ?? run.number
    const from = drawn.get(number)?.from
    return { ...run, number, ...(from && { from }) }
  }
  return {
    ...values,
    runs: values.runs.map(named),
    baseline: values.baseline && { ...values.baseline, run: named(values.baseline.run) },
  }
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
