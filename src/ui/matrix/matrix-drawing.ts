/** A matrix as one SVG drawing for a file: the same marks as on the page. Colours are the page's, by their variables. */
import { type Entry, worstMember } from './arrange-rows.ts'
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
  const missing = (i: number, y: number): string =>
    `<circle cx="${NAME + i * CELL.width + CELL.width / 2}" cy="${y + 19}" r="2" fill="var(--ctl)"/>`
  /** @param name in place of the score */
  const drawCell = (row: number, at: number, i: number, y: number, name: string | null): string[] => {
    const cell = model.cellAt(row, at)
    const benchmark = model.rows[row]?.benchmark
    if (!benchmark) return []
    const look = cellLook(cell, benchmark, hideUncertain)
    const x = NAME + i * CELL.width
    if (look.kind === 'missing') return [missing(i, y)]
    if (!cell || look.kind === 'empty') return []
    const ink = isStrong(look) ? '--on-strong' : '--text'
    const right = x + CELL.width - 7
    const weight = look.sureness === 'certain' ? 600 : 400
    return [
      ground(look, x, y),
      text(name ?? scoreText(cell, benchmark), right, y + 16, { fill: ink, weight }),
      cell.change === null
        ? ''
        : text(changeText(cell.change, cell, benchmark), right, y + 31, { size: 12, fill: ink }),
      look.corner
        ? `<path d="M${x + CELL.width - 12} ${y + 1}h10v10z" fill="${look.corner === 'filled' ? `var(${ink})` : 'none'}" stroke="var(${ink})"/>`
        : '',
    ]
  }
  columns.forEach(({ column }, i) => {
    const x = NAME + (i + 1) * CELL.width - 5
    parts.push(text(cut(columnName(column), 13), x, 16, { weight: 600 }))
    const against = column.baseline ? `vs ${column.baseline.experiment.name}` : (column.state ?? 'root')
    parts.push(text(cut(against, 14), x, 32, { size: 12, fill: '--text-2' }))
  })
  let y = HEAD
  for (const entry of entries) {
    if (entry.kind === 'group') {
      if (!entry.isFolded) {
        parts.push(text(entry.label, 0, y + 16, { size: 12, fill: '--text-3', anchor: 'start' }))
        y += GROUP
        continue
      }
      parts.push(text(cut(entry.label, 22), 0, y + 23, { weight: 500, anchor: 'start' }))
      parts.push(text(`worst of ${entry.rows.length}`, NAME - 12, y + 23, { size: 12, fill: '--text-3' }))
      columns.forEach(({ at }, i) => {
        const member = worstMember(model, entry.rows, at)
        if (member !== null)
          parts.push(...drawCell(member, at, i, y, cut(model.rows[member]?.benchmark.name ?? '', 12)))
        else parts.push(missing(i, y))
      })
      y += CELL.height
      continue
    }
    const row = model.rows[entry.row]
    if (!row) continue
    const n = commonN(model, entry.row)
    const name = row.slice ? sliceName(row.slice) : rowName(row)
    parts.push(text(cut(name, 26), entry.isSlice ? 12 : 0, y + 23, { anchor: 'start' }))
    if (n !== null) parts.push(text(`n ${n}`, NAME - 12, y + 23, { size: 12, fill: '--text-3' }))
    const rowTop = y
    parts.push(...columns.flatMap(({ at }, i) => drawCell(entry.row, at, i, rowTop, null)))
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
