/** From sections to the rows of a list that is drawn only where it is in view. */
import type { ShownSection } from '#src/core/layouts/compose.ts'
import { COLUMNS, type Panel } from '#src/core/layouts/layout.ts'

export type Row =
  | { kind: 'head'; key: string; shown: ShownSection }
  | { kind: 'panels'; key: string; shown: ShownSection; cells: { panel: Panel; span: number }[]; height: number }
  | { kind: 'empty'; key: string; shown: ShownSection }

/** CSS px of a plot that nobody resized, by how many stand in a row. */
const HEIGHTS = { alone: 200, pair: 170, more: 150 } as const

/** How many columns a panel spans that nobody resized: as many in a row as can be read. */
export function usualSpan(width: number): number {
  if (width < 700) return COLUMNS
  return width < 1060 ? 6 : width < 1700 ? 4 : 3
}

/** The same where there are too few to fill a row: they share it, and a lone one takes half. */
const roomySpan = (usual: number, panels: number): number =>
  Math.max(usual, panels < 2 ? COLUMNS / 2 : Math.floor(COLUMNS / panels))

/** The height of a plot that nobody resized. */
export const usualHeight = (span: number): number =>
  span >= COLUMNS ? HEIGHTS.alone : span >= 6 ? HEIGHTS.pair : HEIGHTS.more

/**
 * The rows of all sections: a head, and panels side by side as far as twelve columns reach; few of them share a row. In a narrow place each panel has a row.
 *
 * @param width of the list, CSS px
 */
export function packRows(sections: readonly ShownSection[], width: number): Row[] {
  const usual = usualSpan(width)
  const rows: Row[] = []
  for (const shown of sections) {
    const { section, panels } = shown
    rows.push({ kind: 'head', key: section.id, shown })
    if (section.collapsed) continue
    if (panels.length === 0) rows.push({ kind: 'empty', key: `${section.id} empty`, shown })
    let cells: { panel: Panel; span: number }[] = []
    let used = 0
    const close = () => {
      const [first] = cells
      if (!first) return
      const height = Math.max(...cells.map(({ panel, span }) => panel.height ?? usualHeight(span)))
      rows.push({ kind: 'panels', key: `${section.id} ${first.panel.id}`, shown, cells, height })
      cells = []
      used = 0
    }
    const roomy = roomySpan(usual, panels.length)
    for (const panel of panels) {
      const span = usual === COLUMNS ? COLUMNS : Math.max(panel.width ?? roomy, width < 1060 ? 4 : 2)
      if (used + span > COLUMNS) close()
      cells.push({ panel, span })
      used += span
    }
    close()
  }
  return rows
}
