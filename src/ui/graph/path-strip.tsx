'use client'
import { useElementSize } from '@mantine/hooks'
import { useId } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { EvaluationTable } from '#src/protocol/evaluations.ts'
import type { StageCard } from '#src/protocol/lineage.ts'
import { sparkPath } from '#src/ui/marks/spark-path.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import styles from './strip.module.css'
import { type Band, bandsOf, changeAlong, type Lane, lanesOf, tokenTicks, tokenX } from './strip-model.ts'

const HEAD = 20
const LOSS = 58
const LANE = 46
const AXIS = 22
const RIGHT = 164
const NOW_AT = 82

const INK = { gained: 'var(--gain-ink)', lost: 'var(--lost-ink)', grey: 'var(--text-2)' } as const

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
            <LossLane bands={bands} hatch={`url(#${hatch})`} />
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
                  at {short(end.card.name, 7)}
                </text>
                <text className={styles.quiet} x={width} y={14} textAnchor="end">
                  since {short(cards[0]?.name ?? 'root', 7)}
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

function BandGround({ band, height }: { band: Band; height: number }) {
  const look = STAGE_LOOKS[band.card.stage_kind]
  return (
    <g>
      <rect x={band.x} y={0} width={band.width} height={height} fill={look.colour} opacity={0.045} />
      <rect x={band.x} y={0} width={band.width} height={HEAD} fill={look.colour} opacity={0.16} />
      <path d={`M${band.x + band.width} 0V${height}`} stroke="var(--line-2)" />
      <look.Icon x={band.x + 6} y={3} width={14} height={14} color={look.colour} strokeWidth={1.75} aria-hidden />
      <text className={styles.strong} x={band.x + 25} y={14}>
        {short(band.card.name, Math.max(2, Math.floor((band.width - 28) / 7)))}
      </text>
      <title>{band.card.name}</title>
    </g>
  )
}

/** A new line a stage, on one scale; a preference or reward loss is another quantity and is only hatched. */
function LossLane({ bands, hatch }: { bands: readonly Band[]; hatch: string }) {
  const sameQuantity = (card: StageCard) => card.stage_kind !== 'preference' && card.stage_kind !== 'rl_verifiable'
  const all = bands.flatMap(({ card }) => (sameQuantity(card) ? (card.loss?.y ?? []) : []))
  const finite = all.filter((v): v is number => v !== null && Number.isFinite(v))
  const low = Math.min(...finite)
  const high = Math.max(...finite)
  return (
    <g>
      <LossName first={bands[0]} />
      {bands.map(({ card, x, width }) => {
        if (!sameQuantity(card))
          return (
            <rect key={card.number} x={x} y={HEAD} width={width} height={LOSS} fill={hatch}>
              <title>{`${card.name}: the loss of this stage is another quantity`}</title>
            </rect>
          )
        if (!card.loss) return null
        const own = card.loss.y.filter((v): v is number => v !== null && Number.isFinite(v))
        if (own.length === 0) return null
        const span = high - low || 1
        // The line is drawn in its own box and moved to where that box lies on the shared scale.
        const top = ((high - Math.max(...own)) / span) * (LOSS - 14)
        const box = Math.max(3, ((Math.max(...own) - Math.min(...own)) / span) * (LOSS - 14))
        return (
          <path
            key={card.number}
            d={sparkPath(card.loss.x, card.loss.y, width, box)}
            transform={`translate(${x} ${HEAD + 10 + top})`}
            fill="none"
            stroke={STAGE_LOOKS[card.stage_kind].colour}
            strokeWidth={1.5}
            strokeLinejoin="round"
          />
        )
      })}
    </g>
  )
}

interface ScoreLaneProps {
  lane: Lane
  bands: readonly Band[]
  top: number
  width: number
  narrow: boolean
}

/** At the end of the first band, where a falling line leaves room; at its beginning where the band is narrow. */
function LossName({ first }: { first: Band | undefined }) {
  const wide = first !== undefined && first.width > 220
  return (
    <text
      className={styles.strong}
      x={wide ? first.x + first.width - 8 : 8}
      y={HEAD + 14}
      textAnchor={wide ? 'end' : 'start'}
      stroke="var(--bg)"
      strokeWidth={3}
      paintOrder="stroke"
    >
      Training loss
    </text>
  )
}

function ScoreLane({ lane, bands, top, width, narrow }: ScoreLaneProps) {
  const values = lane.dots.flatMap((d) => [d.score, d.low ?? d.score, d.high ?? d.score])
  const low = Math.min(...values)
  const span = Math.max(...values) - low || 1
  const y = (v: number) => top + LANE - 7 - ((v - low) / span) * (LANE - (narrow ? 40 : 28))
  const at = lane.dots.map((dot) => {
    const band = bands.find((b) => b.card.number === dot.card.number)
    return { dot, x: band ? band.x + band.width - 6 : 0, y: y(dot.score) }
  })
  const { benchmark } = lane
  const interval = lane.dots.some((d) => d.low !== null)
  return (
    <g>
      <path d={`M0 ${top}H${width}`} stroke="var(--line)" />
      <text className={styles.strong} x={8} y={top + 15}>
        {benchmark.name}
        {narrow ? null : (
          <tspan className={styles.quiet} dx={6} fontWeight={400}>
            {benchmark.higher_is_better ? 'higher' : 'lower'} is better; n {formatCount(lane.dots[0]?.n ?? 0)}
            {interval ? ', 95 % interval' : ', no interval'}
          </tspan>
        )}
      </text>
      <polyline points={at.map((p) => `${p.x},${p.y}`).join(' ')} fill="none" stroke="var(--ctl)" />
      {at.map(({ dot, x, y: cy }) => (
        <g key={dot.card.number}>
          {dot.low !== null && dot.high !== null ? (
            <path d={`M${x} ${y(dot.low)}V${y(dot.high)}`} stroke="var(--ctl)" />
          ) : null}
          <circle cx={x} cy={cy} r={3.5} fill={STAGE_LOOKS[dot.card.stage_kind].colour} stroke="var(--bg)" />
          <text className={styles.value} x={x - 6} y={Math.max(top + (narrow ? 27 : 12), cy - 7)} textAnchor="end">
            {formatNumber(dot.score, narrow ? 2 : 3)}
          </text>
        </g>
      ))}
    </g>
  )
}

function CostLane({ bands, top, narrow }: { bands: readonly Band[]; top: number; narrow: boolean }) {
  const total = bands.reduce((sum, b) => sum + (b.card.wall_s ?? 0), 0)
  let so = 0
  const y = (s: number) => top + LANE - 5 - (total === 0 ? 0 : s / total) * (LANE - 26)
  const points = [`0,${y(0)}`]
  const labels = bands.map((band) => {
    so += band.card.wall_s ?? 0
    const x = band.x + band.width
    points.push(`${x},${y(so)}`)
    return { number: band.card.number, x, y: y(so), words: formatDuration(so) }
  })
  return (
    <g>
      <path d={`M0 ${top}H${(bands.at(-1)?.x ?? 0) + (bands.at(-1)?.width ?? 0)}`} stroke="var(--line)" />
      <text className={styles.strong} x={8} y={top + 15}>
        Wall time so far
      </text>
      <polyline points={points.join(' ')} fill="none" stroke="var(--text-2)" strokeWidth={1.5} />
      {labels.slice(narrow ? -1 : 0).map((label) => (
        <text
          key={label.number}
          className={styles.value}
          x={label.x - 6}
          y={Math.max(top + 12, label.y - 6)}
          textAnchor="end"
        >
          {label.words}
        </text>
      ))}
    </g>
  )
}

function Now({ lane, x, right, y }: { lane: Lane; x: number; right: number; y: number }) {
  const last = lane.dots.at(-1)
  const along = changeAlong(lane)
  return (
    <g>
      <text className={styles.now} x={x} y={y} textAnchor="end">
        {last ? formatNumber(last.score) : ''}
      </text>
      {along ? (
        <text className={styles.since} x={right} y={y} textAnchor="end" fill={INK[along.ink]}>
          {formatChange(along.change)}
        </text>
      ) : null}
    </g>
  )
}

function Axis({ bands, y }: { bands: readonly Band[]; y: number }) {
  const last = bands.at(-1)
  const total = last?.to ?? 0
  return (
    <g>
      <path d={`M0 ${y}H${last ? last.x + last.width : 0}`} stroke="var(--line-2)" />
      {total > 0
        ? spaced(tokenTicks(total, 8), bands).map((tick, i) => (
            <text
              key={tick}
              className={styles.quiet}
              x={tokenX(tick, bands)}
              y={y + 16}
              textAnchor={i === 0 ? 'start' : 'middle'}
            >
              {i === 0 ? '0 tokens' : formatCount(tick)}
            </text>
          ))
        : null}
      {bands
        .filter((band) => band.from === band.to)
        .map((band) => (
          <text
            key={band.card.number}
            className={styles.quiet}
            x={band.x + band.width / 2}
            y={y + 16}
            textAnchor="middle"
          >
            not logged
          </text>
        ))}
    </g>
  )
}

/** Ticks whose words do not run into each other. */
function spaced(ticks: readonly number[], bands: readonly Band[]): number[] {
  const kept: number[] = []
  let free = 0
  for (const tick of ticks) {
    const x = tokenX(tick, bands)
    if (x < free) continue
    kept.push(tick)
    free = x + 76
  }
  return kept
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
    const dots = lane.dots.map((d) => `${d.card.name} ${formatNumber(d.score)}`)
    return `${lane.benchmark.name}: ${dots.join(', ')}`
  })
  return [`Path of ${cards.map((card) => card.name).join(', ')}`, ...scores].join('. ')
}

const short = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`
