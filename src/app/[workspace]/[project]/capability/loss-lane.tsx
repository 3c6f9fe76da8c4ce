'use client'
import { useId } from 'react'
import { formatNumber } from '#src/core/format/number.ts'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import styles from './capability.module.css'
import type { StageBand } from './capability-axes.ts'
import { type Layout, LOSS, RATE } from './drawing-layout.ts'
import { BreakMark, LaneName } from './lane-name.tsx'
import { extentOf, pathsOf } from './line-path.ts'
import type { LossScale } from './loss-scale.ts'
import type { StageLines } from './stage-lines.ts'

interface LinesProps {
  bands: readonly StageBand[]
  lines: readonly StageLines[]
  layout: Layout
}

const colourOf = ({ card }: StageBand) => STAGE_LOOKS[card.experiment.stage_kind].colour

/** A curve a stage on one scale; where what is lost changes its meaning, a mark says so, and nothing joins the two. */
export function LossLane(
  props: LinesProps & { scale: LossScale | null; smoothing: Smoothing | null; isWaiting: boolean },
) {
  const { bands, lines, layout, scale, isWaiting } = props
  const { plot, narrow, lossTop: top } = layout
  const hatch = useId()
  const isOther = (band: StageBand) => ['preference', 'rl_verifiable'].includes(band.card.experiment.stage_kind)
  return (
    <g>
      <defs>
        <pattern id={hatch} width={7} height={7} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V7" stroke="var(--hatch)" strokeWidth={1.4} />
        </pattern>
      </defs>
      <LaneName
        layout={layout}
        top={top}
        name="Training loss"
        notes={['as logged, ↓', 'raw behind smoothed', 'parted where it breaks', 'dashed: done again']}
      />
      {scale?.at.map((value) => (
        <g key={value}>
          <path d={`M0 ${scale.toY(value)}H${plot}`} stroke="var(--grid)" />
          <text className={styles.quiet} x={-6} y={scale.toY(value) + 4} textAnchor="end">
            {formatNumber(value, value % 1 === 0 ? 0 : 1)}
          </text>
        </g>
      ))}
      {bands.filter(isOther).map((band) => (
        <rect key={band.stage} x={band.x} y={top} width={band.width} height={LOSS} fill={`url(#${hatch})`}>
          <title>{`The loss of ${band.card.experiment.name} is another quantity`}</title>
        </rect>
      ))}
      {scale
        ? lines.map((line) => (
            <LossCurve key={line.band.stage} line={line} toY={scale.toY} smoothing={props.smoothing} />
          ))
        : null}
      {bands
        .filter((band) => band.card.loss_breaks.length > 0)
        .map((band) => (
          <BreakMark
            key={band.stage}
            x={band.x}
            y={top + LOSS - 12}
            why={`The loss does not go on at ${band.card.experiment.name}: ${band.card.loss_breaks.join('; ')}`}
          />
        ))}
      {bands
        .filter((band) => !isWaiting && !narrow && !lines.some((line) => line.loss && line.band.stage === band.stage))
        .map((band) => (
          <text
            key={band.stage}
            className={styles.quiet}
            x={band.x + band.width / 2}
            y={top + LOSS / 2}
            textAnchor="middle"
          >
            {band.card.loss === null ? 'no loss' : 'not placed'}
          </text>
        ))}
      <path d={`M${-layout.left} ${top + LOSS}H${plot}`} stroke="var(--line)" />
    </g>
  )
}

function LossCurve(props: { line: StageLines; toY: LossScale['toY']; smoothing: Smoothing | null }) {
  const { line, toY, smoothing } = props
  const { band, loss, superseded } = line
  const { raw, smooth } = loss ? pathsOf(loss, { band, smoothing, toY }) : { raw: '', smooth: null }
  return (
    <g fill="none" stroke={colourOf(band)} strokeLinejoin="round">
      {superseded.map((part) => (
        <path
          key={part.x[0]}
          d={pathsOf(part, { band, smoothing: null, toY }).raw}
          strokeDasharray="3 3"
          strokeWidth={1}
          opacity={0.6}
        />
      ))}
      <path d={raw} strokeWidth={smooth === null ? 1.5 : 1} opacity={smooth === null ? 1 : 0.28} />
      {smooth === null ? null : <path d={smooth} strokeWidth={1.5} />}
    </g>
  )
}

export function RateLane({ lines, layout, isWaiting }: LinesProps & { isWaiting: boolean }) {
  const { plot, rateTop: top } = layout
  const most = extentOf(lines.flatMap(({ rate }) => rate ?? []))?.max ?? 0
  const toY = (value: number) => top + 6 + (1 - (most > 0 ? value / most : 0)) * (RATE - 12)
  return (
    <g>
      <LaneName
        layout={layout}
        top={top}
        name="Learning rate"
        notes={[most > 0 ? `from 0 to ${most.toPrecision(2)}` : isWaiting ? 'loading' : 'not logged']}
      />
      {lines.map(({ band, rate }) =>
        rate ? (
          <path
            key={band.stage}
            d={pathsOf(rate, { band, smoothing: null, toY }).raw}
            fill="none"
            stroke={colourOf(band)}
            strokeWidth={1.5}
          />
        ) : null,
      )}
      <path d={`M${-layout.left} ${top + RATE}H${plot}`} stroke="var(--line)" />
    </g>
  )
}
