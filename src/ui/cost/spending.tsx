'use client'
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import { durationMark } from '#src/core/format/duration.ts'
import { formatMark } from '#src/core/format/number.ts'
import { innerScale, timeScale } from '#src/ui/charts/ticks.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import styles from './cost.module.css'
import { type UnitChoice, valueWords } from './cost-units.ts'
import type { Spending } from './prepare-spending.ts'

const LEFT = 132
const TOP = 20
const CURVE = 130
const LANE = 22
const FOOT = 26

/** Work is solid; what was for nothing is pale. */
const PALE = new Set(['idle', 'rolled_back', 'failed', 'duplicate', 'later_steps', 'other_run'])

export interface SpendingProps {
  spending: Spending
  choice: UnitChoice
  width: number
  stageOf: (experiment: number) => { name: string; kind: StageKind } | null
}

/** The running total over clock time, above a lane a stage with the stretches in which it held hardware. */
export function SpendingDrawing({ spending, choice, width, stageOf }: SpendingProps) {
  const narrow = width < 640
  const left = narrow ? 84 : LEFT
  const plot = Math.max(120, width - left - 12)
  const height = TOP + CURVE + spending.lanes.length * LANE + FOOT
  const span = spending.toMs - spending.fromMs || 1
  const x = (ms: number) => left + ((ms - spending.fromMs) / span) * plot
  const inSeconds = choice.unit === 'time' && (spending.running.at(-1)?.value ?? 0) < 1
  const factor = inSeconds ? 3600 : 1
  const most = (spending.running.at(-1)?.value ?? 0) * factor
  const scale = most > 0 ? innerScale(0, most * 1.1, 3, false) : { min: 0, max: 1, at: [0] }
  const y = (value: number) => TOP + CURVE - ((value * factor) / scale.max) * (CURVE - 10)
  const ticks = timeScale(0, span, narrow ? 3 : 8)
  const lanesTop = TOP + CURVE
  const last = spending.running.at(-1)
  return (
    <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>Spending over time; the table holds the same stretches</title>
      {scale.at.map((value) => (
        <g key={value}>
          <path d={`M${left} ${y(value / factor)}H${left + plot}`} stroke="var(--grid)" />
          <text className={styles.quiet} x={left - 8} y={y(value / factor) + 4} textAnchor="end">
            {`${formatMark(value)}${choice.unit === 'money' ? '' : inSeconds ? ' s' : ' h'}`}
          </text>
        </g>
      ))}
      <polyline
        points={spending.running.map(({ ms, value }) => `${x(ms)},${y(value)}`).join(' ')}
        fill="none"
        stroke="var(--text)"
        strokeWidth={1.5}
      />
      {last ? (
        <text className={styles.sum} x={x(last.ms) - 6} y={y(last.value) - 6} textAnchor="end">
          {valueWords(last.value, choice)}
        </text>
      ) : null}
      {spending.lanes.map((lane, i) => {
        const stage = stageOf(lane.experiment)
        const look = STAGE_LOOKS[stage?.kind ?? 'external_base']
        const top = lanesTop + i * LANE
        return (
          <g key={lane.experiment}>
            <path d={`M0 ${top}H${left + plot}`} stroke="var(--line)" />
            <look.Icon x={0} y={top + 4} width={14} height={14} color={look.colour} strokeWidth={1.75} aria-hidden />
            <text className={styles.name} x={19} y={top + 15}>
              {short(stage?.name ?? `stage ${lane.experiment}`, narrow ? 10 : 17)}
            </text>
            {lane.pieces.map(({ piece, fromMs, toMs }) => (
              <rect
                key={`${piece.run} ${piece.attempt} ${fromMs} ${piece.device} ${piece.kind}`}
                x={x(fromMs)}
                y={top + 5}
                width={Math.max(1.5, x(toMs) - x(fromMs))}
                height={LANE - 10}
                fill={look.colour}
                fillOpacity={PALE.has(piece.kind) ? 0.25 : piece.kind === 'evaluation' ? 0.55 : 1}
              >
                <title>{`Run #${piece.run}, ${piece.kind.replaceAll('_', ' ')}: ${valueWords(piece.device_hours, { ...choice, unit: 'time' })}`}</title>
              </rect>
            ))}
          </g>
        )
      })}
      <path d={`M0 ${height - FOOT}H${left + plot}`} stroke="var(--line-2)" />
      {ticks.at.map((ms, i) => (
        <text
          key={ms}
          className={styles.quiet}
          x={x(spending.fromMs + ms)}
          y={height - 9}
          textAnchor={i === 0 ? 'start' : 'middle'}
        >
          {i === 0 ? clock(spending.fromMs) : `+${durationMark(ms / 1000)}`}
        </text>
      ))}
    </svg>
  )
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
const clock = (ms: number): string => CLOCK.format(ms)

const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)
