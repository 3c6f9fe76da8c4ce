'use client'
/**
 * The only file that imports ECharts: axes, grid, lines and bands on a canvas. It draws what `prepare-lines.ts` decided and takes no
 * input: cursor, readings, zoom and marks lie above it (`plot-overlay.tsx`). Animation off and flat typed arrays: 100 lines of
 * 1,000 points draw in 35 ms instead of a second.
 */
import { CustomChart, type CustomSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts'
import { AriaComponent, GridComponent } from 'echarts/components'
import { type ECharts, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { xMark, yMark } from './axis-words.ts'
import { resolveColour, useThemeKey } from './css-colours.ts'
import { takeTurn } from './draw-turns.ts'
import { type PlotBox, placeOn } from './plot-box.ts'
import { MANY_LINES, type PreparedChart, type PreparedLine } from './prepare-lines.ts'

use([LineChart, CustomChart, GridComponent, AriaComponent, CanvasRenderer])

/** How a line is painted: any CSS colour, dash in px. */
export interface LinePaint {
  colour: string
  dash: readonly number[]
}

interface Ink {
  grid: string
  axis: string
  text: string
  superseded: string
  of: (line: PreparedLine) => string
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

/** Lines over one x axis; sized by its parent's numbers, re-themed without a reload. */
export function LineCanvas({ chart, box: plot, width, height, paintOf, summary }: LineCanvasProps) {
  const box = useRef<HTMLDivElement>(null)
  const instance = useRef<ECharts | null>(null)
  const theme = useThemeKey()

  useEffect(() => {
    if (!box.current) return
    const made = init(box.current, null, { renderer: 'canvas', width: 10, height: 10 })
    instance.current = made
    return () => {
      instance.current = null
      made.dispose()
    }
  }, [])

  useEffect(() => {
    if (width === 0 || theme === '') return
    return takeTurn(() => {
      const drawn = instance.current
      if (!drawn) return
      drawn.resize({ width, height })
      const known = new Map<string, string>()
      const resolve = (css: string) => {
        const colour = known.get(css) ?? resolveColour(css)
        known.set(css, colour)
        return colour
      }
      const ink: Ink = {
        grid: resolveColour('var(--grid)'),
        axis: resolveColour('var(--line-2)'),
        text: resolveColour('var(--text-3)'),
        superseded: resolveColour('var(--text-3)'),
        of: (line) => resolve(paintOf(line).colour),
      }
      drawn.setOption(options(chart, plot, paintOf, summary, ink), { notMerge: true, silent: true })
      noteDrawing(chart)
    })
  }, [chart, plot, width, height, paintOf, summary, theme])

  return <div ref={box} style={{ width, height, pointerEvents: 'none' }} />
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

function options(chart: PreparedChart, plot: PlotBox, paintOf: LineCanvasProps['paintOf'], summary: string, ink: Ink) {
  const label = { color: ink.text, fontFamily: "'Inter Variable', sans-serif", fontSize: 12, hideOverlap: true }
  const marksX = chart.x.at.map((mark) => placeOn(chart.x, mark))
  // Dashes tell nobody apart in a thicket, and cost more than all the rest.
  const many = chart.lines.length > MANY_LINES
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: true, description: summary } },
    grid: {
      left: plot.left,
      top: plot.top,
      width: plot.width,
      height: plot.height,
      containLabel: false,
      outerBoundsMode: 'none' as const,
    },
    xAxis: {
      type: 'value' as const,
      min: placeOn(chart.x, chart.x.min),
      max: placeOn(chart.x, chart.x.max),
      axisLine: { show: true, onZero: false, lineStyle: { color: ink.axis, width: 1 } },
      axisTick: { show: false, customValues: marksX },
      splitLine: { show: false },
      axisLabel: {
        ...label,
        margin: 8,
        customValues: marksX,
        formatter: (v: number) => xMark(chart.axis, chart.x.isLog ? Number((10 ** v).toPrecision(6)) : v),
      },
    },
    yAxis: {
      type: 'value' as const,
      min: chart.y.min,
      max: chart.y.max,
      axisLine: { show: false },
      axisTick: { show: false, customValues: chart.y.at },
      splitLine: { show: true, lineStyle: { color: ink.grid, width: 1 } },
      axisLabel: {
        ...label,
        margin: 6,
        customValues: chart.y.at,
        formatter: (v: number) => yMark(chart.isLog ? Number((10 ** v).toPrecision(6)) : v),
      },
    },
    series: chart.lines.flatMap((line) => seriesOf(line, paintOf(line), ink, many)),
  }
}

/** The order is the order of painting: band, raw line, line. */
function seriesOf(line: PreparedLine, paint: LinePaint, ink: Ink, many: boolean) {
  const colour = line.isSuperseded ? ink.superseded : ink.of(line)
  const dash = line.isSuperseded ? [3, 3] : many ? [] : [...paint.dash]
  const flat = (data: Float64Array, width: number, opacity: number, type: number[]): LineSeriesOption => ({
    type: 'line',
    data: flatData(data),
    dimensions: ['x', 'y'],
    silent: true,
    animation: false,
    // A lone point has no line to be seen by.
    showSymbol: finiteRows(data) <= 1,
    symbol: 'circle',
    symbolSize: 5,
    clip: true,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width, opacity, type: type.length > 0 ? type : 'solid', join: 'round' },
  })
  const series: (LineSeriesOption | CustomSeriesOption)[] = []
  if (line.band) series.push(bandOf(line.band, colour))
  if (line.faint) series.push(flat(line.faint, 1, 0.3, []))
  if (line.isMember) series.push(flat(line.drawn, 1, 0.35, []))
  else series.push(flat(line.drawn, many || line.isSuperseded ? 1 : 1.5, 1, dash))
  return series
}

/** ECharts takes a flat typed array of rows together with `dimensions`; its types know arrays only. */
const flatData = (rows: Float64Array): LineSeriesOption['data'] => rows as unknown as number[]

function finiteRows(data: Float64Array): number {
  let n = 0
  for (let i = 1; i < data.length && n < 2; i += 2) if (!Number.isNaN(data[i] as number)) n++
  return n
}

/** One polygon per unbroken stretch between the extremes. */
function bandOf(band: Float64Array, colour: string): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    animation: false,
    clip: true,
    data: [[band[0] as number, band[1] as number]],
    renderItem: (_params, api) => ({
      type: 'group',
      children: stretches(band).map((rows) => ({
        type: 'polygon',
        shape: {
          points: [
            ...rows.map(([x, low]) => api.coord([x, low])),
            ...rows.toReversed().map(([x, , high]) => api.coord([x, high])),
          ],
        },
        style: { fill: colour, opacity: 0.12 },
      })),
    }),
  }
}

function stretches(band: Float64Array): [number, number, number][][] {
  const all: [number, number, number][][] = [[]]
  for (let i = 0; i < band.length; i += 3) {
    const row: [number, number, number] = [band[i] as number, band[i + 1] as number, band[i + 2] as number]
    if (row.some(Number.isNaN)) all.push([])
    else all.at(-1)?.push(row)
  }
  return all.filter((rows) => rows.length > 1)
}
