/** What a table on the page says, read off it: columns, order and rounding are those that are seen. */
import type { PublishedCell, PublishedColumn, TableText } from '#src/core/publish/table.ts'

/** What is there for the eye or the hand and is no text of the table. */
const NOT_TEXT = 'svg, input, button:not(.link):not([data-sort]), [role="menu"], .visually-hidden'

/** The table under a title; columns without a head, such as those of buttons, are left out. */
export function tableText(table: HTMLTableElement, title: string): TableText {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])]
  const kept = heads.flatMap((head, i) => (wordsOf(head) === '' ? [] : [i]))
  const columns = kept.map(
    (i): PublishedColumn => ({
      name: wordsOf(heads[i] as HTMLElement),
      align: heads[i]?.dataset.align === 'right' ? 'right' : 'left',
    }),
  )
  const rows = [...table.tBodies].flatMap((body) => [...body.rows])
  return {
    title,
    table: {
      columns,
      rows: rows
        .filter((row) => row.cells.length === heads.length)
        .map((row) => kept.map((i): PublishedCell => cellOf(row.cells[i] as HTMLElement))),
    },
    footRows: 0,
    notes: [],
  }
}

function cellOf(cell: HTMLElement): PublishedCell {
  const text = wordsOf(cell)
  const link = cell.querySelector<HTMLAnchorElement>('a[href]')
  return link && text !== '' ? { text, href: link.href } : { text }
}

/** The words of an element in one line. */
export function wordsOf(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement
  for (const part of copy.querySelectorAll(NOT_TEXT)) part.remove()
  // Blocks and line breaks part words on the screen, and so here.
  for (const part of copy.querySelectorAll('br, div, p, li')) part.before(' ')
  return (copy.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
}
