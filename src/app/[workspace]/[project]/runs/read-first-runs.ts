import { headers } from 'next/headers'
import { getHost } from '#src/api/host.ts'
import { parseSearch } from '#src/core/search/parse-search.ts'
import type { RunsTable } from '#src/protocol/runs-table.ts'
import { type ChosenColumn, readColumns, splitList } from '#src/ui/run-table/column-list.ts'
import { columnLook } from '#src/ui/run-table/column-look.ts'
import { askedFields, gridColumns } from '#src/ui/run-table/grid-columns.ts'
import { pageInput } from '#src/ui/run-table/page-input.ts'
import { readSort } from '#src/ui/run-table/sort-list.ts'
import { usualColumns } from './usual-columns.ts'

/** So many of the newest runs tell under which name this project logs its loss. */
const ASKED_RUNS = 20

type Words = Record<string, string | string[] | undefined>

/** What the page shows without asking: under which names the newest runs log their loss, and the first rows of the view in the address. */
export async function readFirstRuns(
  workspace: string,
  project: string,
  words: Words,
): Promise<{ lossKeys: (string | null | undefined)[]; first: { input: string; answer: RunsTable } | null }> {
  const caller = await getHost().caller(await headers())
  // Where the project cannot be read the page itself says why.
  const newest = await caller.runs.list({ workspace, project, limit: ASKED_RUNS }).catch(() => null)
  const lossKeys = newest?.items.map((run) => run.loss_key) ?? []
  const word = (name: string) => (typeof words[name] === 'string' ? words[name] : '')
  const q = word('q').trim()
  if (parseSearch(q).kind === 'error') return { lossKeys, first: null }
  const chosen: readonly ChosenColumn[] =
    words.columns === undefined ? usualColumns(lossKeys) : readColumns(word('columns'))
  const group = splitList(word('group')).filter((field) => columnLook(field) !== null)
  const sort = readSort(word('sort')).filter(({ field }) => columnLook(field) !== null && !group.includes(field))
  const input = pageInput(
    {
      workspace,
      project,
      q,
      sort: [...group.map((field) => ({ field, direction: 'asc' as const })), ...sort],
      fields: askedFields(gridColumns(chosen, false)),
      archived: word('archived') === 'true',
    },
    0,
  )
  const answer = await caller.runs.table(input).catch(() => null)
  return { lossKeys, first: answer && { input: JSON.stringify(input), answer } }
}

/** The name of a stage by its number; null where there is none. */
export async function stageName(workspace: string, project: string, number: number): Promise<string | null> {
  const caller = await getHost().caller(await headers())
  const stages = await caller.experiments.list({ workspace, project, limit: 1000 }).catch(() => null)
  return stages?.items.find((stage) => stage.number === number)?.name ?? null
}
