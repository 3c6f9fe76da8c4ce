'use client'
import { useRef } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatValue } from '#src/core/format/number.ts'
import type { StoredHistogram } from '#src/core/media/histogram-text.ts'
import { useWidth } from '#src/ui/charts/box-size.ts'
import styles from './media.module.css'

const FOOT_PX = 18

/** Bars over the edges as they were stored, which may differ in width; the tallest has the whole height. */
export function HistogramDrawing(props: { histogram: StoredHistogram; what: string; height: number }) {
  const { histogram, what, height } = props
  const { edges, counts } = histogram
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const [low, high] = [edges[0] ?? 0, edges.at(-1) ?? 1]
  const tallest = Math.max(...counts)
  const plot = height - FOOT_PX
  const toX = (value: number) => ((value - low) / (high - low)) * width
  return (
    <div ref={box} style={{ height }}>
      {width > 0 ? (
        <svg
          className={styles.histogram}
          width={width}
          height={height}
          role="img"
          aria-label={histogramWords(what, histogram)}
        >
          {counts.map((count, i) => {
            const x = toX(edges[i] as number)
            const h = tallest > 0 ? (count / tallest) * (plot - 2) : 0
            return (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: bars keep their place
                key={i}
                x={x}
                y={plot - Math.max(h, count > 0 ? 1 : 0)}
                width={Math.max(1, toX(edges[i + 1] as number) - x - 1)}
                height={Math.max(h, count > 0 ? 1 : 0)}
              >
                <title>{`${formatValue(edges[i] as number)} to ${formatValue(edges[i + 1] as number)}: ${formatExactCount(count)}`}</title>
              </rect>
            )
          })}
          <path d={`M0 ${plot + 0.5}H${width}`} />
          <text x={0} y={height - 4}>
            {formatValue(low)}
          </text>
          <text x={width} y={height - 4} textAnchor="end">
            {formatValue(high)}
          </text>
          <text x={width / 2} y={height - 4} textAnchor="middle">
            {formatExactCount(counts.reduce((a, b) => a + b, 0))} values
            {histogram.notFinite > 0 ? `, ${formatExactCount(histogram.notFinite)} not finite` : ''}
          </text>
        </svg>
      ) : null}
    </div>
  )
}

/** What the bars show, in a sentence. */
export function histogramWords(what: string, { edges, counts, notFinite }: StoredHistogram): string {
  const n = counts.reduce((a, b) => a + b, 0)
  const top = counts.indexOf(Math.max(...counts))
  const range = `${formatValue(edges[0] ?? 0)} to ${formatValue(edges.at(-1) ?? 0)}`
  const most = `most of them, ${formatExactCount(counts[top] ?? 0)}, from ${formatValue(edges[top] ?? 0)} to ${formatValue(edges[top + 1] ?? 0)}`
  return `${what}: ${formatExactCount(n)} values from ${range}, ${most}${notFinite > 0 ? `; ${formatExactCount(notFinite)} not finite` : ''}`
}
