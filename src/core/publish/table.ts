/** One printed cell: exactly the characters that every form of the table shows. */
export interface PublishedCell {
  text: string
  /** Where it leads; absent: nowhere. */
  href?: string
  /** A text that may look like a number and is none: written as it is. */
  verbatim?: true
  /** In bold: what a reader must not miss. Never of an empty text. */
  strong?: true
}

export interface PublishedColumn {
  name: string
  /** Names stand left, numbers right. */
  align: 'left' | 'right'
}

/** A printed table. Rows are as long as `columns`; the first column names them. */
export interface PublishedTable {
  columns: readonly PublishedColumn[]
  rows: readonly (readonly PublishedCell[])[]
}

/** A table with what stands around it. */
export interface TableText {
  title: string
  table: PublishedTable
  /** So many of the last rows are means and worst cells, set apart by a rule. */
  footRows: number
  /** Sentences below it: protocols, what is missing, what was left out. */
  notes: readonly string[]
}

/** Rows as columns and columns as rows; links and bold stay with their cells. */
export function turned({ columns, rows }: PublishedTable): PublishedTable {
  const [corner, ...names] = columns
  return {
    columns: [
      corner ?? { name: '', align: 'left' },
      ...rows.map((row) => ({ name: row[0]?.text ?? '', align: 'right' as const })),
    ],
    rows: names.map(({ name }, at) => [{ text: name }, ...rows.map((row) => row[at + 1] ?? { text: '' })]),
  }
}
