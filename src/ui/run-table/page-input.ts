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
