import type { SortKey } from './sort-list.ts'

/** Rows a request. */
export const PAGE_ROWS = 100

/** Which runs a table reads, in which order, with which cells. */
export interface TableQuestion {
  workspace: string
  project: string
  /** A search that is valid. */
  q: string
  sort: readonly SortKey[]
  fields: readonly string[]
  archived: boolean
}

/** The input of a request for the newest of the runs that match, and for how many those are. */
export const newestInput = (question: TableQuestion) => ({
  ...pageInput({ ...question, fields: [], sort: NEWEST_FIRST }, 0),
  limit: 1,
})

const NEWEST_FIRST: readonly SortKey[] = [{ field: 'number', direction: 'desc' }]

/** The input of a request for the runs that charts draw. */
export const drawnInput = (
  question: Omit<TableQuestion, 'fields'>,
  { hidden, group }: { hidden: readonly number[]; group: readonly string[] },
) => ({
  workspace: question.workspace,
  project: question.project,
  q: question.q,
  sort: question.sort.map((key) => ({ ...key })),
  hidden: [...hidden],
  group: [...group],
  archived: question.archived,
})

/** The input of a request for one page. */
export const pageInput = (question: TableQuestion, page: number) => ({
  workspace: question.workspace,
  project: question.project,
  q: question.q,
  columns: [...question.fields],
  sort: question.sort.map((key) => ({ ...key })),
  offset: page * PAGE_ROWS,
  limit: PAGE_ROWS,
  archived: question.archived,
})
