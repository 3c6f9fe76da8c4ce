/** A matrix as one SVG drawing for a file: the same marks as on the page. Colours are the page's, by their variables. */
import type { Entry } from './arrange-rows.ts'
import { cellLook } from './cell-look.ts'
import { commonN, type MatrixModel } from './matrix-model.ts'
import { changeText, columnName, rowName, scoreText, sliceName } from './matrix-words.ts'

const NAME = 232
const CELL = { width: 86, height: 38 }
const GROUP = 23
const HEAD = 44

/** @returns markup of an `svg` element with width and height */
export function matrixDrawing(model: MatrixModel, entries: readonly Entry[], hideUncertain: boolean): string {
  const columns = model.columns.flatMap((column, at) => (column ? [{ column, at }] : []))
  const width = NAME + columns.length * CELL.width
  const parts: string[] = []
  columns.forEach(({ column }, i) => {
    const x = NAME + (i + 1) * CELL.width - 5
    parts.push(text(cut(columnName(column), 13), x, 16, { weight: 600 }))
    const against = column.baseline ? `vs ${column.baseline.experiment.name}` : (column.state ?? 'root')
    parts.push(text(cut(against, 14), x, 32, { size: 12, fill: '--text-2' }))
  })
  let y = HEAD
  for (const entry of entries) {
    if (entry.kind === 'group') {
      parts.push(text(entry.label, 0, y + 16, { size: 12, fill: '--text-3', anchor: 'start' }))
      y += GROUP
      continue
    }
    const row = model.rows[entry.row]
    if (!row) continue
    const n = commonN(model, entry.row)
    const name = row.slice ? sliceName(row.slice) : rowName(row)
    parts.push(text(cut(name, 26), entry.isSlice ? 12 : 0, y + 23, { anchor: 'start' }))
    if (n !== null) parts.push(text(`n ${n}`, NAME - 12, y + 23, { size: 12, fill: '--text-3' }))
    columns.forEach(({ at }, i) => {
      const cell = model.cellAt(entry.row, at)
      const look = cellLook(cell, row.benchmark, hideUncertain)
      const x = NAME + i * CELL.width
      if (look.kind === 'missing') {
        parts.push(`<circle cx="${x + CELL.width / 2}" cy="${y + 19}" r="2" fill="var(--ctl)"/>`)
        return
      }
      if (!cell || look.kind === 'empty') return
      parts.push(ground(look, x, y))
      const ink = isStrong(look) ? '--on-strong' : '--text'
      const right = x + CELL.width - 7
      parts.push(
        text(scoreText(cell, row.benchmark), right, y + 16, {
          fill: ink,
          weight: look.sureness === 'certain' ? 600 : 400,
        }),
      )
      if (cell.change !== null)
        parts.push(text(changeText(cell.change, cell, row.benchmark), right, y + 31, { size: 12, fill: ink }))
      if (look.corner)
        parts.push(
          `<path d="M${x + CELL.width - 12} ${y + 1}h10v10z" fill="${look.corner === 'filled' ? `var(${ink})` : 'none'}" stroke="var(${ink})"/>`,
        )
    })
    y += CELL.height
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y + 4}" viewBox="0 0 ${width} ${y + 4}" font-family="Inter, system-ui, sans-serif">`,
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v7" stroke="var(--ctl)"/></pattern></defs>',
    ...parts,
    '</svg>',
  ].join('')
}

/** Steps whose ground needs the light ink in the light theme; in the dark one step 4 too. */
const isStrong = ({ step, sureness }: ReturnType<typeof cellLook>): boolean => {
  const dark = typeof document !== 'undefined' && document.documentElement.dataset.mantineColorScheme === 'dark'
  return sureness === 'certain' && step !== null && step >= (dark ? 4 : 5)
}

function ground(look: ReturnType<typeof cellLook>, x: number, y: number): string {
  const box = `x="${x}" y="${y + 1}" width="${CELL.width - 2}" height="${CELL.height - 2}" rx="3"`
  if (look.kind === 'hatched') return `<rect ${box} fill="url(#hatch)" fill-opacity="0.4" stroke="var(--line-2)"/>`
  if (look.kind === 'plain') return ''
  if (look.kind === 'same' || look.step === null || look.direction === null)
    return `<rect ${box} fill="none" stroke="var(--line-2)"/>`
  const token = `var(--${look.direction === 'lost' ? 'lost' : 'gain'}-${look.step})`
  if (look.sureness === 'certain') return `<rect ${box} fill="${token}"/>`
  const opacity = look.sureness === 'uncertain' ? 0.22 : 0.7
  const dash = look.sureness === 'no_interval' ? ' stroke-dasharray="3 2"' : ''
  return `<rect ${box} fill="${token}" fill-opacity="${opacity}" stroke="var(--ctl)"${dash}/>`
}

function text(
  words: string,
  x: number,
  y: number,
  {
    size = 13,
    weight = 400,
    fill = '--text',
    anchor = 'end',
  }: { size?: number; weight?: number; fill?: string; anchor?: string } = {},
): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="var(${fill})">${escaped(words)}</text>`
}

const cut = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words)
const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
