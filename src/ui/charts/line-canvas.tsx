'use client'
/**
 * Axes, grid, lines and bands on a canvas. It draws what `prepare-lines.ts` decided and takes no input: cursor, readings, zoom and marks
 * lie above it (`plot-overlay.tsx`).
 */
import { useEffect, useRef } from 'react'
import { xMark, yMark } from './axis-words.ts'
import { resolveColour, useThemeKey } from './css-colours.ts'
import { takeTurn } from './draw-turns.ts'
import { type Marker, markersPath } from './markers.ts'
import { type PlotBox, placeRows, type RowPlace, xToPx } from './plot-box.ts'
import { MANY_LINES, type PreparedChart, type PreparedLine } from './prepared-chart.ts'

/** How a line is painted: any CSS colour, dash in px, and what marks it. */
export interface LinePaint {
  colour: string
  dash: readonly number[]
  marker?: Marker | null
}

export interface LineCanvasProps {
  chart: PreparedChart
  /** Where the plot lies in it. */
  box: PlotBox
  width: number
  height: number
  paintOf: (line: PreparedLine) => LinePaint
  summary: string
}

const FONT = "12px 'Inter Variable', sans-serif"
const Y_LABEL_GAP = 6
const X_LABEL_GAP = 8
/** Labels of the x axis that are nearer than this are left out. */
const BETWEEN_LABELS = 6

/** Lines over one x axis; sized by its parent's numbers, re-themed without a reload. */
export function LineCanvas({ chart, box, width, height, paintOf, summary }: LineCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useThemeKey()

  useEffect(() => {
    if (width === 0 || theme === '') return
    let isGone = false
    const draw = () => {
      const pen = canvas.current && penOn(canvas.current, width, height)
      if (!pen || isGone) return
      drawAxes(pen, chart, box)
      drawLines(pen, chart, box, paintOf)
      noteDrawing(chart)
    }
    const takeBack = takeTurn(draw)
    // What was written before the letters were there is written again.
    if (!document.fonts.check(FONT)) void document.fonts.load(FONT).then(draw)
    return () => {
      isGone = true
      takeBack()
    }
  }, [chart, box, width, height, paintOf, theme])

  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={summary}
      style={{ display: 'block', width, height, pointerEvents: 'none' }}
    />
  )
}

/** A clean canvas that is drawn on in CSS px, as fine as the screen is. */
function penOn(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const scale = window.devicePixelRatio || 1
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)]
  if (canvas.width !== wide) canvas.width = wide
  if (canvas.height !== high) canvas.height = high
  const pen = canvas.getContext('2d')
  pen?.setTransform(scale, 0, 0, scale, 0, 0)
  pen?.clearRect(0, 0, width, height)
  return pen
}

/** For profiles, and for the bench: the newest drawing as a mark of the page's timeline, where one alone is kept. */
function noteDrawing({ lines, x }: PreparedChart): void {
  const points = lines.reduce((n, line) => n + line.data.x.length, 0)
  performance.clearMarks(DRAWN)
  const first = lines[0]?.data.x
  const data = [first?.[0] ?? null, first?.at(-1) ?? null]
  performance.mark(DRAWN, { detail: { lines: lines.length, points, view: [x.min, x.max], data } })
}

const DRAWN = 'chart drawn'

/** Lines of the grid, the x axis, and what is written at both axes. */
function drawAxes(pen: CanvasRenderingContext2D, chart: PreparedChart, box: PlotBox): void {
  const { fromY, perY } = placeRows(chart, box)
  const foot = box.top + box.height
  const right = box.left + box.width
  pen.font = FONT
  pen.fillStyle = resolveColour('var(--text-3)')
  pen.strokeStyle = resolveColour('var(--grid)')
  pen.lineWidth = 1
  pen.textAlign = 'right'
  pen.textBaseline = 'middle'
  pen.beginPath()
  for (const mark of chart.y.at) {
    const y = fromY + perY * mark
    pen.moveTo(box.left, sharp(y))
    pen.lineTo(right, sharp(y))
    pen.fillText(yMark(chart.isLog ? Number((10 ** mark).toPrecision(6)) : mark), box.left - Y_LABEL_GAP, y)
  }
  pen.stroke()
  pen.strokeStyle = resolveColour('var(--line-2)')
  pen.beginPath()
  pen.moveTo(box.left, sharp(foot))
  pen.lineTo(right, sharp(foot))
  pen.stroke()
  pen.textAlign = 'center'
  pen.textBaseline = 'top'
  let taken = Number.NEGATIVE_INFINITY
  for (const mark of chart.x.at) {
    const words = xMark(chart.axis, mark)
    const at = xToPx(box, chart.x, mark)
    const half = pen.measureText(words).width / 2
    if (at - half < taken) continue
    pen.fillText(words, at, foot + X_LABEL_GAP)
    taken = at + half + BETWEEN_LABELS
  }
}

/** Where a line of 1 px covers whole pixels. */
const sharp = (px: number): number => Math.round(px - 0.5) + 0.5

/** In the order of painting: of each line its band, the raw line, the line. */
function drawLines(
  pen: CanvasRenderingContext2D,
  chart: PreparedChart,
  box: PlotBox,
  paintOf: LineCanvasProps['paintOf'],
): void {
  // Dashes and marks tell nobody apart in a thicket, and cost more than all the rest.
  const many = chart.lines.length > MANY_LINES
  const place = placeRows(chart, box)
  const known = new Map<string, string>()
  const resolve = (css: string) => {
    const colour = known.get(css) ?? resolveColour(css)
    known.set(css, colour)
    return colour
  }
  pen.save()
  pen.beginPath()
  pen.rect(box.left, box.top - 1, box.width, box.height + 2)
  pen.clip()
  pen.lineJoin = 'round'
  for (const [order, line] of chart.lines.entries()) {
    const paint = paintOf(line)
    const colour = resolve(line.isSuperseded ? 'var(--text-3)' : paint.colour)
    pen.strokeStyle = colour
    pen.fillStyle = colour
    pen.setLineDash([])
    pen.lineWidth = 1
    if (line.band) {
      pen.globalAlpha = 0.12
      fillBand(pen, line.band, place)
    }
    if (line.faint) {
      pen.globalAlpha = 0.3
      strokeRows(pen, line.faint, place)
    }
    pen.globalAlpha = line.isMember ? 0.35 : 1
    if (!line.isMember) {
      pen.setLineDash(line.isSuperseded ? [3, 3] : many ? [] : [...paint.dash])
      if (!many && !line.isSuperseded) pen.lineWidth = 1.5
    }
    strokeRows(pen, line.drawn, place)
    if (paint.marker && !many && isMarked(line))
      pen.fill(new Path2D(markersPath(paint.marker, line.drawn, place, box, order)))
  }
  pen.restore()
}

/** Whether a line may carry marks: what stands behind others does not. */
export const isMarked = ({ isMember, isSuperseded }: PreparedLine): boolean => !isMember && !isSuperseded

/** A line through interleaved x, y, broken at NaN; a lone point, which has no line to be seen by, is a dot. */
function strokeRows(pen: CanvasRenderingContext2D, rows: Float64Array, place: RowPlace): void {
  const { fromX, perX, fromY, perY } = place
  let isBroken = true
  let n = 0
  let [x, y] = [0, 0]
  pen.beginPath()
  for (let i = 0; i < rows.length; i += 2) {
    const value = rows[i + 1] as number
    if (Number.isNaN(value)) {
      isBroken = true
      continue
    }
    x = fromX + perX * (rows[i] as number)
    y = fromY + perY * value
    if (isBroken) pen.moveTo(x, y)
    else pen.lineTo(x, y)
    isBroken = false
    n++
  }
  if (n !== 1) pen.stroke()
  else {
    pen.arc(x, y, LONE_PX, 0, 2 * Math.PI)
    pen.fill()
  }
}

const LONE_PX = 2.5

/** Rows of x, low, high: one closed shape per unbroken stretch between the extremes. */
function fillBand(pen: CanvasRenderingContext2D, band: Float64Array, place: RowPlace): void {
  const { fromX, perX, fromY, perY } = place
  const isGap = (i: number) => Number.isNaN(band[i + 1]) || Number.isNaN(band[i + 2])
  const x = (i: number) => fromX + perX * (band[i] as number)
  const y = (i: number, side: 1 | 2) => fromY + perY * (band[i + side] as number)
  pen.beginPath()
  for (let from = 0; from < band.length; ) {
    if (isGap(from)) {
      from += 3
      continue
    }
    let end = from
    for (; end < band.length && !isGap(end); end += 3)
      if (end === from) pen.moveTo(x(end), y(end, 1))
      else pen.lineTo(x(end), y(end, 1))
    for (let i = end - 3; i >= from; i -= 3) pen.lineTo(x(i), y(i, 2))
    pen.closePath()
    from = end
  }
  pen.fill()
}
