'use client'
import { useElementSize } from '@mantine/hooks'
import { useId } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import type { EvaluationTable } from '#src/protocol/evaluations.ts'
import type { StageCard } from '#src/protocol/lineage.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import styles from './strip.module.css'
import { Axis, BandGround, CostLane, HEAD, LANE, LOSS, LossLane, Now, ScoreLane, short } from './strip-lanes.tsx'
import { bandsOf, type Lane, lanesOf } from './strip-model.ts'

const AXIS = 22
const RIGHT = 184
const NOW_AT = 86

/** What happened along the chosen path: loss, headline benchmarks and wall time over the tokens consumed. */
export function PathStrip(props: {
  /** Stages of the path that have begun, root first. */
  cards: readonly StageCard[]
  table: EvaluationTable | undefined
  picker: React.ReactNode
  lanes?: number
}) {
  const { ref, width } = useElementSize()
  const hatch = useId()
  const { cards, table } = props
  const narrow = width > 0 && width < 640
  const plot = Math.max(120, width - (narrow ? 0 : RIGHT))
  const { bands, toScale } = bandsOf(cards, plot)
  const headline = cards[0]?.scores.map((score) => score.benchmark.slug) ?? []
  const lanes = lanesOf(table, cards, headline, props.lanes ?? 4)
  const end = bands.at(-1)
  const costTop = HEAD + LOSS + lanes.length * LANE
  const height = costTop + LANE + AXIS
  return (
    <section className={styles.strip} aria-label="Path">
      <div className={styles.head}>
        <h2 className={styles.title}>Path to</h2>
        {props.picker}
        <span className={styles.note}>
          {totalsOf(cards)}
          {toScale ? '' : '; short stages are drawn wider'}
        </span>
      </div>
      <div ref={ref}>
        {width === 0 ? (
          <div style={{ height }} />
        ) : (
          <svg
            className={styles.svg}
            height={height}
            viewBox={`0 0 ${width} ${height}`}
            role="img"
            aria-label={spoken(lanes, cards)}
          >
            <defs>
              <pattern id={hatch} width={7} height={7} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <path d="M0 0V7" stroke="var(--hatch)" strokeWidth={1.4} />
              </pattern>
            </defs>
            {bands.map((band) => (
              <BandGround key={band.card.number} band={band} height={height - AXIS} />
            ))}
            <LossLane bands={bands} hatch={`url(#${hatch})`} narrow={narrow} />
            {lanes.map((lane, i) => (
              <ScoreLane
                key={lane.benchmark.slug}
                lane={lane}
                bands={bands}
                top={HEAD + LOSS + i * LANE}
                width={narrow ? plot : width}
                narrow={narrow}
              />
            ))}
            <CostLane bands={bands} top={costTop} narrow={narrow} />
            {end && !narrow ? (
              <g>
                <text className={styles.quiet} x={plot + NOW_AT} y={14} textAnchor="end">
                  at {short(end.card.name, 9)}
                </text>
                <text className={styles.quiet} x={width} y={14} textAnchor="end">
                  {sinceWords(lanes, cards)}
                </text>
                {lanes.map((lane, i) => (
                  <Now
                    key={lane.benchmark.slug}
                    lane={lane}
                    x={plot + NOW_AT}
                    right={width}
                    y={HEAD + LOSS + i * LANE + 28}
                  />
                ))}
              </g>
            ) : null}
            <Axis bands={bands} y={height - AXIS} />
          </svg>
        )}
      </div>
    </section>
  )
}

/** From where the changes at the right count: the stage in which all lanes begin, or the first in which each was measured. */
function sinceWords(lanes: readonly Lane[], cards: readonly StageCard[]): string {
  const begun = new Set(lanes.map((lane) => lane.dots[0]?.card.number))
  const from = begun.size === 1 ? cards.find((card) => begun.has(card.number)) : undefined
  return from ? `since ${short(from.name, 8)}` : 'since the first'
}

function totalsOf(cards: readonly StageCard[]): string {
  const tokens = cards.reduce((sum, card) => sum + (card.tokens ?? 0), 0)
  const steps = cards.reduce((sum, card) => sum + (card.tokens === null ? (card.steps ?? 0) : 0), 0)
  const parts = [`${cards.length} ${cards.length === 1 ? 'stage' : 'stages'}`]
  if (tokens > 0) parts.push(`${formatCount(tokens)} tokens`)
  if (steps > 0) parts.push(`${formatCount(steps)} steps without a token count`)
  return parts.join(', ')
}

/** The strip in words. */
function spoken(lanes: readonly Lane[], cards: readonly StageCard[]): string {
  const scores = lanes.map((lane) => {
    const dots = lane.dots.map((d) => `${d.card.name} ${scoreWords(d.score, lane.benchmark)}`)
    return `${lane.benchmark.name}: ${dots.join(', ')}`
  })
  return [`Path of ${cards.map((card) => card.name).join(', ')}`, ...scores].join('. ')
}
