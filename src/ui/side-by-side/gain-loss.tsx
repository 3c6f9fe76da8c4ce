'use client'
import { formatValue } from '#src/core/format/number.ts'
import { barBoxes, NOTE_LINE, placeNames } from '#src/ui/charts/place-names.ts'
import { linearScale } from '#src/ui/charts/ticks.ts'
import type { GainLoss, GainLossPoint, Span } from './prepare-gain-loss.ts'
import styles from './side-by-side.module.css'

const LEFT = 44
const RIGHT = 14
const TOP = 30
const FOOT = 40

/** Columns as dots with their intervals; the baseline is the crosshair, dotted lines lead from it. Up and right is better. */
export function GainLossDrawing({ chart, width, height }: { chart: GainLoss; width: number; height: number }) {
  const { points } = chart
  const xs = scaleOf(
    points.map((p) => p.x),
    4,
  )
  const ys = scaleOf(
    points.map((p) => p.y),
    4,
  )
  const place = (value: number, { min, max }: { min: number; max: number }, isTurned: boolean) =>
    isTurned ? (max - value) / (max - min) : (value - min) / (max - min)
  const x = (value: number) => LEFT + place(value, xs, !chart.x.benchmark.higher_is_better) * (width - LEFT - RIGHT)
  const y = (value: number) =>
    height - FOOT - place(value, ys, !chart.y.benchmark.higher_is_better) * (height - FOOT - TOP)
  const base = points.find((point) => point.isBaseline)
  const bottom = height - FOOT
  const named = points.map((point) => ({
    name: point.name,
    note: point.rate ?? '',
    x: x(point.x.value),
    y: y(point.y.value),
    rank: point.isBaseline ? 1 : 0,
  }))
  const bars = points.flatMap((point, i) =>
    barBoxes(named[i] as (typeof named)[number], endsOf(point.x, x), endsOf(point.y, y)),
  )
  const names = placeNames(named, { left: LEFT, right: width, top: 0, bottom }, [], bars)
  return (
    <svg className={styles.drawing} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>{titleOf(chart)}</title>
      {ys.at.map((value) => (
        <g key={value}>
          <path d={`M${LEFT} ${y(value)}H${width - RIGHT}`} stroke="var(--grid)" />
          <text className={styles.quiet} x={LEFT - 8} y={y(value) + 4} textAnchor="end">
            {formatValue(value)}
          </text>
        </g>
      ))}
      <path d={`M${LEFT} ${bottom}H${width - RIGHT}`} stroke="var(--line-2)" />
      {xs.at.map((value) => (
        <text key={value} className={styles.quiet} x={x(value)} y={bottom + 16} textAnchor="middle">
          {formatValue(value)}
        </text>
      ))}
      <text className={styles.quiet} x={(LEFT + width - RIGHT) / 2} y={bottom + 34} textAnchor="middle">
        {chart.x.benchmark.name} {chart.x.benchmark.higher_is_better ? '↑' : '↓'}
      </text>
      {base ? (
        <path
          d={`M${x(base.x.value)} ${TOP}V${bottom}M${LEFT} ${y(base.y.value)}H${width - RIGHT}`}
          stroke="var(--ctl)"
          strokeDasharray="3 3"
        />
      ) : null}
      {points.map((point) => (
        <Dot key={point.column} point={point} x={x} y={y} base={base} />
      ))}
      {names.map(({ point: at, anchor, ...place }) => {
        const point = points[at] as GainLossPoint
        return (
          <g key={point.column} style={{ color: point.colour }} data-name={point.name}>
            <text className={styles.label} {...place} textAnchor={anchor} fill="currentColor">
              {point.name}
            </text>
            {point.rate === null ? null : (
              <text className={styles.quiet} x={place.x} y={place.y + NOTE_LINE} textAnchor={anchor}>
                {point.rate}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

function Dot(props: {
  point: GainLossPoint
  x: (value: number) => number
  y: (value: number) => number
  base: GainLossPoint | undefined
}) {
  const { point, x, y, base } = props
  const [px, py] = [x(point.x.value), y(point.y.value)]
  return (
    <g style={{ color: point.colour }}>
      {base && !point.isBaseline ? (
        <path
          d={`M${x(base.x.value)} ${y(base.y.value)}L${px} ${py}`}
          stroke="currentColor"
          strokeDasharray="1.5 3"
          fill="none"
        />
      ) : null}
      <path d={`${barX(point.x, x, py)}${barY(point.y, y, px)}`} stroke="currentColor" strokeWidth={1.5} />
      <circle
        cx={px}
        cy={py}
        r={4.5}
        fill={point.isBaseline ? 'var(--bg)' : 'currentColor'}
        stroke="currentColor"
        strokeWidth={1.75}
      >
        <title>{`${point.name}: ${formatValue(point.x.value)}, ${formatValue(point.y.value)}${point.rate === null ? '' : `; ${point.rate}`}`}</title>
      </circle>
    </g>
  )
}

const endsOf = ({ low, high }: Span, place: (value: number) => number): [number, number] | null =>
  low === null || high === null ? null : [place(low), place(high)]

const barX = ({ low, high }: Span, x: (value: number) => number, at: number): string =>
  low === null || high === null ? '' : `M${x(low)} ${at}H${x(high)}`
const barY = ({ low, high }: Span, y: (value: number) => number, at: number): string =>
  low === null || high === null ? '' : `M${at} ${y(low)}V${y(high)}`

function scaleOf(spans: readonly Span[], count: number) {
  const values = spans.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value])
  return linearScale(Math.min(...values), Math.max(...values), count)
}

const titleOf = ({ points, x, y }: GainLoss): string =>
  `Gain against loss: ${points.map((p) => `${p.name} ${x.benchmark.name} ${formatValue(p.x.value)}, ${y.benchmark.name} ${formatValue(p.y.value)}`).join('; ')}`
