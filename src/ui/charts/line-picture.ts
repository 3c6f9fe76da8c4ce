/**
 * A chart of lines as an SVG document of its own: title, notes, axes, bands, lines, marks and names, with colours that stand for
 * themselves. The canvas on the page cannot be taken away as a drawing; this is drawn from the same prepared lines.
 */
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { xMark, xWord, yMark } from './axis-words.ts'
import { spreadApart } from './direct-labels.ts'
import { isMarked, type LinePaint } from './line-canvas.tsx'
import { markersPath } from './markers.ts'
import { drawnMarks } from './non-finite-marks.ts'
import { type PlotBox, placeRows, plotBox, xToPx, yToPx } from './plot-box.ts'
import { MANY_LINES, type PreparedChart, type PreparedLine } from './prepared-chart.ts'
import type { StageBand } from './stage-bands.ts'

export interface LinePicture {
  chart: PreparedChart
  title: string
  /** What is shown over what and what is left out, one line each. */
  notes: readonly string[]
  bands: readonly StageBand[]
  width: number
  height: number
  paintOf: (line: PreparedLine) => LinePaint
  labelOf: (line: PreparedLine) => string
  /** The concrete colour of any CSS colour under the theme in force. */
  resolve: (css: string) => string
}

const PAD = 16
const HEAD = 30
const ROOM = 110
const LINE_PX = 16
/** About as wide as a letter of the notes, CSS px. */
const LETTER_PX = 6.2
/** Names beside lines; of more, a list below. */
const BESIDE_MAX = 12
const LISTED_MAX = 40

/** The document; its text never carries markup of a run. */
export function linePicture(picture: LinePicture): string {
  const { chart, width, paintOf, labelOf, resolve } = picture
  const plot = plotBox(width, picture.height, ROOM)
  const box = { ...plot, top: plot.top + PAD + HEAD, left: plot.left + PAD }
  const foot = box.top + box.height
  const kept = chart.lines.filter((line) => !line.isSuperseded && !line.isMember)
  const ink = { text: resolve('var(--text)'), quiet: resolve('var(--text-3)'), grid: resolve('var(--grid)') }
  const axis = resolve('var(--line-2)')
  const isBeside = kept.length <= BESIDE_MAX
  const listed = isBeside ? [] : kept.slice(0, LISTED_MAX)
  const more = kept.length - listed.length
  const notes = [
    ...(isBeside ? [] : [`Lines: ${listed.map(labelOf).join(', ')}${more > 0 ? ` and ${more} more` : ''}`]),
    ...picture.notes,
  ].flatMap((note) => wrapped(note, Math.floor((width - 2 * PAD) / LETTER_PX)))
  const height = foot + 44 + notes.length * LINE_PX + PAD
  const w = width + 2 * PAD
  const text = (words: string, x: number, y: number, more: string) =>
    `<text x="${px(x)}" y="${px(y)}" ${more}>${escaped(words)}</text>`
  const quiet = `font-size="12" fill="${ink.quiet}"`

  const parts: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${px(height)}" viewBox="0 0 ${w} ${px(height)}" font-family="Inter, system-ui, sans-serif">`,
    `<title>${escaped(picture.title)}</title>`,
    `<rect width="${w}" height="${px(height)}" fill="${resolve('var(--bg)')}"/>`,
    text(picture.title, PAD, PAD + 14, `font-size="15" font-weight="600" fill="${ink.text}"`),
    `<defs><clipPath id="plot"><rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}"/></clipPath></defs>`,
  ]
  for (const { kind, from, to } of picture.bands) {
    const look = STAGE_LOOKS[kind as StageKind]
    const left = Math.max(box.left, xToPx(box, chart.x, Math.max(from, chart.x.min)))
    const right = Math.min(box.left + box.width, xToPx(box, chart.x, Math.min(to, chart.x.max)))
    if (!look || !(right > left)) continue
    const colour = resolve(look.colour)
    parts.push(
      `<rect x="${px(left)}" y="${box.top}" width="${px(right - left)}" height="${box.height}" fill="${colour}" fill-opacity="0.1"/>`,
      text(look.short, (left + right) / 2, box.top + 12, `font-size="11" text-anchor="middle" fill="${ink.quiet}"`),
    )
  }
  for (const mark of chart.y.at) {
    const y = box.top + (1 - (mark - chart.y.min) / (chart.y.max - chart.y.min)) * box.height
    const value = chart.isLog ? Number((10 ** mark).toPrecision(6)) : mark
    parts.push(
      `<path d="M${box.left} ${px(y)}H${box.left + box.width}" stroke="${ink.grid}"/>`,
      text(yMark(value), box.left - 8, y + 4, `${quiet} text-anchor="end"`),
    )
  }
  parts.push(`<path d="M${box.left} ${foot}H${box.left + box.width}" stroke="${axis}"/>`)
  for (const mark of chart.x.at)
    parts.push(text(xMark(chart.axis, mark), xToPx(box, chart.x, mark), foot + 16, `${quiet} text-anchor="middle"`))
  parts.push(text(xWord(chart), box.left + box.width, foot + 32, `${quiet} text-anchor="end"`))

  parts.push('<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">')
  for (const [order, line] of chart.lines.entries()) {
    const paint = paintOf(line)
    const colour = resolve(line.isSuperseded ? 'var(--text-3)' : paint.colour)
    if (line.band) parts.push(`<path d="${bandPath(line.band, chart, box)}" fill="${colour}" fill-opacity="0.12"/>`)
    if (line.faint) parts.push(`<path d="${rowPath(line.faint, chart, box)}" stroke="${colour}" stroke-opacity="0.3"/>`)
    const dash = line.isSuperseded ? [3, 3] : paint.dash
    parts.push(
      `<path d="${rowPath(line.drawn, chart, box)}" stroke="${colour}" stroke-width="${line.isMember ? '1" stroke-opacity="0.35' : '1.5'}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}/>`,
    )
    if (paint.marker && chart.lines.length <= MANY_LINES && isMarked(line)) {
      const path = markersPath(paint.marker, line.drawn, placeRows(chart, box), box, order)
      if (path !== '') parts.push(`<path d="${path}" fill="${colour}"/>`)
    }
    const inView = line.nonFinite.filter((mark) => mark.x >= chart.x.min && mark.x <= chart.x.max)
    for (const { mark, px: at, hasStem } of drawnMarks(inView, (place) => xToPx(box, chart.x, place))) {
      if (!hasStem) continue
      const x = px(at)
      parts.push(
        `<path d="M${x} ${box.top}V${foot}" stroke="${colour}" stroke-dasharray="1 3"/>`,
        text(mark.value, Number(x) + 3, box.top + 24, `font-size="11" fill="${colour}"`),
      )
    }
  }
  parts.push('</g>')
  if (isBeside) {
    const ends = kept
      .flatMap((line) => {
        const value = (line.data.smoothed ?? line.data.y).findLast((v) => Number.isFinite(v))
        const y = value === undefined ? null : yToPx(box, chart.y, chart.isLog, value)
        return y === null ? [] : [{ line, y: Math.min(foot, Math.max(box.top, y)) }]
      })
      .sort((a, b) => a.y - b.y)
    const spread = spreadApart(
      ends.map(({ y }) => y),
      14,
      box.top + 6,
      foot,
    )
    for (const [i, { line }] of ends.entries())
      parts.push(
        text(
          labelOf(line).slice(0, 18),
          box.left + box.width + 6,
          (spread[i] as number) + 4,
          `font-size="12" fill="${resolve(paintOf(line).colour)}"`,
        ),
      )
  }
  for (const [i, note] of notes.entries()) parts.push(text(note, PAD, foot + 50 + i * LINE_PX, quiet))
  parts.push('</svg>')
  return parts.join('\n')
}

const px = (value: number): string => String(Math.round(value * 10) / 10)

function rowPath(rows: Float64Array, chart: PreparedChart, box: PlotBox): string {
  const place = placer(chart, box)
  let path = ''
  let isBroken = true
  for (let i = 0; i < rows.length; i += 2) {
    const value = rows[i + 1] as number
    if (Number.isNaN(value)) {
      isBroken = true
      continue
    }
    path += `${isBroken ? 'M' : 'L'}${place.x(rows[i] as number)} ${place.y(value)}`
    isBroken = false
  }
  return path
}

/** One closed shape per unbroken stretch. */
function bandPath(band: Float64Array, chart: PreparedChart, box: PlotBox): string {
  const place = placer(chart, box)
  let path = ''
  let there: string[] = []
  let back: string[] = []
  const close = () => {
    if (there.length > 1) path += `M${there.join('L')}L${back.toReversed().join('L')}Z`
    there = []
    back = []
  }
  for (let i = 0; i < band.length; i += 3) {
    const [x, low, high] = [band[i] as number, band[i + 1] as number, band[i + 2] as number]
    if (Number.isNaN(low) || Number.isNaN(high)) close()
    else {
      there.push(`${place.x(x)} ${place.y(low)}`)
      back.push(`${place.x(x)} ${place.y(high)}`)
    }
  }
  close()
  return path
}

/** Places of rows, which are in the units of their axes. */
function placer(chart: PreparedChart, box: PlotBox) {
  const { fromX, perX, fromY, perY } = placeRows(chart, box)
  return { x: (value: number) => px(fromX + perX * value), y: (value: number) => px(fromY + perY * value) }
}

/** Words in lines of at most `most` letters. */
function wrapped(words: string, most: number): string[] {
  const lines = ['']
  for (const word of words.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length + 1 > most) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
