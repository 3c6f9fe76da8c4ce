'use client'
import { Pin } from 'lucide-react'
import { useEffect, useState } from 'react'
import { readingValue, xReading } from './axis-words.ts'
import styles from './charts.module.css'
import { useCursor } from './group-state.tsx'
import type { LinePaint } from './line-canvas.tsx'
import { LineSwatch } from './line-swatch.tsx'
import pinned from './pinned-checkpoint.module.css'
import { type CheckpointAt, PinnedCheckpoint } from './pinned-checkpoint.tsx'
import type { PlotBox } from './plot-box.ts'
import type { PreparedChart, PreparedLine } from './prepared-chart.ts'
import { heightOf, nearestTo, readingsAt } from './readings.ts'

const SAID_EVERY_MS = 1_000

/** The reading as a bar above the plot: on a phone a finger would cover a tooltip. */
export function PlotReading(props: {
  chart: PreparedChart
  box: PlotBox
  id: string
  labelOf: (line: PreparedLine) => string
  paintOf: (line: PreparedLine) => LinePaint
  checkpoint: CheckpointAt | undefined
}) {
  const { chart, box, labelOf, paintOf, checkpoint } = props
  const cursor = useCursor()
  const readings = cursor ? nearestTo(readingsAt(chart, cursor.x), heightOf(cursor), chart, box) : []
  const first = readings[0]
  return (
    <>
      <div className={styles.reading} aria-hidden>
        {first ? (
          <>
            <strong>{xReading(chart, first.reading.x)}</strong>
            {readings.length === 1 && first.reading.smoothed !== null ? (
              <span>
                smoothed <strong>{readingValue(first.reading.smoothed)}</strong>
              </span>
            ) : null}
            {readings.slice(0, 3).map(({ line, reading }) => (
              <span key={line.id}>
                {readings.length === 1 ? (
                  'raw'
                ) : (
                  <>
                    <LineSwatch paint={paintOf(line)} /> {labelOf(line)}
                  </>
                )}{' '}
                <strong>{readingValue(readings.length === 1 ? reading.y : (reading.smoothed ?? reading.y))}</strong>
              </span>
            ))}
            {cursor?.pinned ? <Pin size={14} strokeWidth={1.75} aria-hidden /> : null}
          </>
        ) : (
          <span>Touch the chart to read a value</span>
        )}
      </div>
      {checkpoint && first && cursor?.pinned && cursor.owner === props.id ? (
        <div className={pinned.bar}>
          <PinnedCheckpoint
            at={checkpoint}
            axis={chart.axis}
            reading={first}
            among={new Set(readings.map(({ line }) => line.run)).size}
          />
        </div>
      ) : null}
    </>
  )
}

/** The value at the cursor, else the last one: a small chart says it in its caption. */
export function CornerReading({ chart }: { chart: PreparedChart }) {
  const cursor = useCursor()
  const line = chart.lines.find((l) => !l.isSuperseded && l.data.y.length > 0)
  const at = cursor ? readingsAt(chart, cursor.x).find((r) => r.line === line)?.reading.y : line?.data.y.at(-1)
  return at === undefined ? null : <span title={String(at)}>{readingValue(at)}</span>
}

/** Says the reading of a chart moved by keys: politely, at most once a second. */
export function SpokenReading({ chart }: { chart: PreparedChart }) {
  const cursor = useCursor()
  const [said, setSaid] = useState('')
  const words = cursor
    ? readingsAt(chart, cursor.x)
        .slice(0, 4)
        .map(
          ({ line, reading }) => `${line.group ? `${line.group.name} ` : ''}${line.metric} ${readingValue(reading.y)}`,
        )
        .join(', ')
    : ''
  const place = cursor ? xReading(chart, cursor.x) : ''
  useEffect(() => {
    const timer = setTimeout(() => setSaid(words === '' ? '' : `${place}: ${words}`), SAID_EVERY_MS)
    return () => clearTimeout(timer)
  }, [words, place])
  return (
    <span className="visually-hidden" aria-live="polite">
      {said}
    </span>
  )
}
