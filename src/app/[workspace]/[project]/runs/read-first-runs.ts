import { setTimeout as pause } from 'node:timers/promises'
import { type DehydratedState, dehydrate, QueryClient } from '@tanstack/react-query'
import { headers } from 'next/headers'
import { type Caller, getHost } from '#src/api/host.ts'
import { parseSearch } from '#src/core/search/parse-search.ts'
import { type ChosenColumn, readColumns, splitList } from '#src/ui/run-table/column-list.ts'
import { columnLook } from '#src/ui/run-table/column-look.ts'
import { askedFields, gridColumns } from '#src/ui/run-table/grid-columns.ts'
import { drawnInput, newestInput, pageInput, type TableQuestion } from '#src/ui/run-table/page-input.ts'
import { readNumbers } from '#src/ui/run-table/selection.ts'
import { readSort } from '#src/ui/run-table/sort-list.ts'
import { usualColumns } from '#src/ui/run-table/usual-columns.ts'

/** So many of the newest runs tell under which name this project logs its loss. */
const ASKED_RUNS = 20
/** What is shown beside the rows comes with the page where it is known this soon after them, ms. */
const PATIENCE_MS = 60

type Words = Record<string, string | string[] | undefined>

/**
 * What the page shows without asking: under which names the newest runs log their loss, and answers to what the view in the address
 * asks first: the first rows, the newest run, the runs that are drawn, and the metrics that those have.
 */
export async function readFirstRuns(
  workspace: string,
  project: string,
  words: Words,
): Promise<{ lossKeys: (string | null | undefined)[]; answers: DehydratedState }> {
  const place = { workspace, project }
  const caller = await getHost().caller(await headers())
  const client = new QueryClient()
  const word = (name: string) => (typeof words[name] === 'string' ? words[name] : '')
  const q = word('q').trim()
  const group = splitList(word('group')).filter((field) => columnLook(field) !== null)
  const sort = [
    ...group.map((field) => ({ field, direction: 'asc' as const })),
    ...readSort(word('sort')).filter(({ field }) => columnLook(field) !== null && !group.includes(field)),
  ]
  const question = { ...place, q, sort, fields: [], archived: word('archived') === 'true' }
  const isSearch = parseSearch(q).kind === 'ok'
  const beside = Promise.all([
    readNewest(caller, client, question),
    isSearch && word('pane') !== 'table'
      ? readDrawn(caller, client, { question, group, hidden: readNumbers(word('hide')) })
      : null,
  ])
  // Where the project cannot be read the page itself says why.
  const newest = await caller.runs.list({ ...place, limit: ASKED_RUNS }).catch(() => null)
  const lossKeys = newest?.items.map((run) => run.loss_key) ?? []
  if (isSearch) {
    const chosen: readonly ChosenColumn[] =
      words.columns === undefined ? usualColumns(lossKeys) : readColumns(word('columns'))
    const input = pageInput({ ...question, fields: askedFields(gridColumns(chosen, false)) }, 0)
    const answer = await caller.runs.table(input).catch(() => null)
    if (answer) client.setQueryData(keyOf('table', input), answer)
  }
  await Promise.race([beside, pause(PATIENCE_MS)])
  return { lossKeys, answers: dehydrate(client) }
}

/** The newest run, which tells later ones apart. */
async function readNewest(caller: Caller, client: QueryClient, question: TableQuestion): Promise<void> {
  const input = newestInput({ ...question, q: '' })
  const answer = await caller.runs.table(input).catch(() => null)
  if (answer) client.setQueryData(keyOf('table', input), answer)
}

/** The runs that the charts draw and the metrics they have, put where the page looks for them. */
async function readDrawn(
  caller: Caller,
  client: QueryClient,
  view: { question: TableQuestion; group: readonly string[]; hidden: readonly number[] },
): Promise<void> {
  const { question, group } = view
  const { workspace, project } = question
  const input = drawnInput(question, { group, hidden: [] })
  const drawn = await caller.runs.drawn(input).catch(() => null)
  if (drawn === null) return
  client.setQueryData(keyOf('drawn', input), drawn)
  const hidden = new Set(view.hidden)
  const runs = drawn.runs.flatMap(({ number }) => (hidden.has(number) ? [] : [number]))
  if (runs.length === 0) return
  const ofKeys = { workspace, project, runs }
  const keys = await caller.runs.keys(ofKeys).catch(() => null)
  // Where none is known yet the page asks until one is.
  if (keys?.length) client.setQueryData(keyOf('keys', ofKeys), keys)
}

/** The name of a question among the browser's. */
const keyOf = (procedure: 'table' | 'drawn' | 'keys', input: object) =>
  [['runs', procedure], { input, type: 'query' }] as const

/** The name of a stage by its number; null where there is none. */
export async function stageName(workspace: string, project: string, number: number): Promise<string | null> {
  const caller = await getHost().caller(await headers())
  const stages = await caller.experiments.list({ workspace, project, limit: 1000 }).catch(() => null)
  return stages?.items.find((stage) => stage.number === number)?.name ?? null
}
