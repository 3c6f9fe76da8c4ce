'use client'
import { type KeyboardEvent, type PointerEvent, useId } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import type { ColumnValue } from '#src/core/panels/column.ts'
import { useLitRun } from '#src/ui/charts/lit-run.tsx'
import { linearScale } from '#src/ui/charts/ticks.ts'
import { fieldName } from './field-format.ts'
import { placeOn } from './panel-axis.ts'
import { columnOf, type PanelValues } from './panel-values.ts'
import styles from './panels.module.css'
import { clipped, FootAxis } from './plot-frame.tsx'
import type { HistogramModel } from './prepare-histogram.ts'

const LETTER = 6.4

/** A bin that is read: row, then place in it. */
export interface ReadBin {
  row: number
  bin: number
}

export interface HistogramDrawingProps {
  histogram: HistogramModel
  values: PanelValues
  width: number
  height: number
  read: ReadBin | null
  onRead: (read: ReadBin | null) => void
}

/** Counts over bins, a row for each group on one axis. Arrows go from bin to bin and from row to row. */
export function HistogramDrawing(props: HistogramDrawingProps) {
  const { histogram, width, height, read, onRead } = props
  const isGrouped = histogram.rows.some(({ name }) => name !== null)
  const left = 40
  const foot = 36
  const head = 26
  const plot = { left, top: head, width: Math.max(40, width - left - 12), height: Math.max(40, height - head - foot) }
  const each = plot.height / Math.max(1, histogram.rows.length)
  const inner = each - (isGrouped ? 16 : 0)
  const scale = linearScale(0, Math.max(1, histogram.most), each > 90 ? 4 : 1)
  const marks = scale.at.filter((mark) => Number.isInteger(mark))
  const clip = useId()
  const binAt = (event: PointerEvent<SVGSVGElement>): ReadBin | null => {
    const box = event.currentTarget.getBoundingClientRect()
    const at = (event.clientX - box.left - plot.left) / plot.width
    const row = Math.floor((event.clientY - box.top - plot.top) / each)
    const bin = histogram.rows[row]?.bins.findIndex(({ left: from, right }) => at >= from && at < right) ?? -1
    return bin === -1 ? null : { row, bin }
  }
  const keys = (event: KeyboardEvent<SVGSVGElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = keyBin(event.key, histogram, read)
    if (next === undefined) return
    event.preventDefault()
    onRead(next)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset
    <svg
      className={styles.svg}
      data-drawing
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-roledescription="chart"
      aria-label={`How many runs have which ${fieldName(histogram.field)}. Arrow keys read bins.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is read by keys
      tabIndex={0}
      onKeyDown={keys}
      onPointerMove={(event) => onRead(binAt(event))}
      onPointerLeave={(event) => {
        if (event.pointerType === 'mouse') onRead(null)
      }}
    >
      <text className={styles.axisName} x={0} y={12}>
        ↑ runs
      </text>
      <clipPath id={clip}>
        <rect x={plot.left} y={0} width={plot.width} height={height} />
      </clipPath>
      {histogram.rows.map((row, r) => {
        const base = plot.top + (r + 1) * each
        const y = (count: number) => base - (count / scale.max) * inner
        return (
          <g key={row.name ?? ''}>
            {marks.map((mark) => (
              <g key={mark}>
                <path d={`M${plot.left} ${y(mark)}h${plot.width}`} stroke="var(--grid)" />
                {mark > 0 ? (
                  <text className={styles.mark} x={plot.left - 8} y={y(mark) + 4} textAnchor="end">
                    {formatExactCount(mark)}
                  </text>
                ) : null}
              </g>
            ))}
            {row.bins.map(({ left: from, right, count, from: value }, b) => (
              <rect
                key={value}
                x={plot.left + from * plot.width + 0.5}
                y={y(count)}
                width={Math.max(0.5, (right - from) * plot.width - 1)}
                height={base - y(count)}
                fill={row.colour}
                fillOpacity={read?.row === r && read.bin === b ? 1 : 0.72}
              />
            ))}
            <path d={`M${plot.left} ${base + 0.5}h${plot.width}`} stroke="var(--line-2)" />
            {row.name === null ? null : (
              <text className={styles.halo} x={plot.left + 6} y={base - each + 12}>
                {clipped(`${row.name}, ${formatExactCount(row.n)} runs`, Math.floor(plot.width / LETTER))}
              </text>
            )}
          </g>
        )
      })}
      <FootAxis axis={histogram.x} plot={plot} name={fieldName(histogram.field)} />
      <g clipPath={`url(#${clip})`}>
        <RunMark {...props} plot={plot} />
      </g>
    </svg>
  )
}

/** Where the lit run and the baseline lie. */
function RunMark({
  histogram,
  values,
  plot,
}: HistogramDrawingProps & { plot: { left: number; top: number; width: number; height: number } }) {
  const lit = useLitRun()
  const column = columnOf(values, histogram.field)
  const placeOf = (value: ColumnValue | undefined) => (typeof value === 'number' ? placeOn(histogram.x, value) : null)
  const litAt = lit === null ? null : placeOf(column[values.runs.findIndex(({ number }) => number === lit)])
  const baseAt = placeOf(values.baseline?.values.get(histogram.field))
  const line = (at: number) => `M${plot.left + at * plot.width} ${plot.top}v${plot.height}`
  return (
    <>
      {baseAt === null ? null : (
        <g>
          <path d={line(baseAt)} stroke="var(--text-2)" strokeDasharray="3 3" />
          <text
            className={styles.halo}
            x={plot.left + baseAt * plot.width}
            y={plot.top - 6}
            textAnchor={baseAt > 0.8 ? 'end' : baseAt < 0.2 ? 'start' : 'middle'}
          >
            baseline
          </text>
        </g>
      )}
      {litAt === null ? null : <path d={line(litAt)} stroke="var(--text)" strokeWidth={1.5} data-screen-only />}
    </>
  )
}

/** The bin that a key leads to; null leaves, undefined: not a key of this drawing. */
function keyBin(key: string, { rows }: HistogramModel, read: ReadBin | null): ReadBin | null | undefined {
  const last = (rows[read?.row ?? 0]?.bins.length ?? 0) - 1
  if (last < 0) return undefined
  const { row, bin } = read ?? { row: 0, bin: -1 }
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value))
  switch (key) {
    case 'ArrowRight':
      return { row, bin: clamp(bin + 1, last) }
    case 'ArrowLeft':
      return { row, bin: read === null ? last : clamp(bin - 1, last) }
    case 'ArrowDown':
      return { row: clamp(row + (read === null ? 0 : 1), rows.length - 1), bin: clamp(bin, last) }
    case 'ArrowUp':
      return { row: clamp(row - 1, rows.length - 1), bin: clamp(bin, last) }
    case 'Home':
      return { row, bin: 0 }
    case 'End':
      return { row, bin: last }
    case 'Escape':
      return read === null ? undefined : null
    default:
      return undefined
  }
}
