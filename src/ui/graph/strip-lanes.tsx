import { formatCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { StageCard } from '#src/protocol/lineage.ts'
import { digitsOf, scoreWords } from '#src/ui/changes/score-digits.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import { sparkPath } from '#src/ui/marks/spark-path.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import styles from './strip.module.css'
import { type Band, changeAlong, type Lane, tokenTicks, tokenX } from './strip-model.ts'

/** Heights of the strip's parts in px. */
export const HEAD = 20
export const LOSS = 58
export const LANE = 46

const INK = { gained: 'var(--gain-ink)', lost: 'var(--lost-ink)', grey: 'var(--text-2)' } as const

const countOf = (lane: Lane): string => {
  const { n = null, nMissing = null } = lane.dots[0] ?? {}
  return n === null ? (nMissing ?? 'not given') : formatCount(n)
}

/** Room for icon and name; a name that does not fit is left to the title. */
const nameWidth = (name: string): number => 30 + name.length * 6.5

/** A stage: its name on a band of its colour, and a pale ground through all lanes. */
export function BandGround({ band, height }: { band: Band; height: number }) {
  const look = STAGE_LOOKS[band.card.stage_kind]
  return (
    <g>
      <rect x={band.x} y={0} width={band.width} height={height} fill={look.colour} opacity={0.045} />
      <rect x={band.x} y={0} width={band.width} height={HEAD} fill={look.colour} opacity={0.16} />
      <path d={`M${band.x + band.width} 0V${height}`} stroke="var(--line-2)" />
      <look.Icon x={band.x + 6} y={3} width={14} height={14} color={look.colour} strokeWidth={1.75} aria-hidden />
      {band.width >= nameWidth(band.card.name) ? (
        <text className={styles.strong} x={band.x + 25} y={14}>
          {band.card.name}
        </text>
      ) : null}
      <title>{band.card.name}</title>
    </g>
  )
}

/** A new line a stage, on one scale; a preference or reward loss is another quantity and is only hatched. */
export function LossLane({ bands, hatch, narrow }: { bands: readonly Band[]; hatch: string; narrow: boolean }) {
  const sameQuantity = (card: StageCard) => card.stage_kind !== 'preference' && card.stage_kind !== 'rl_verifiable'
  const all = bands.flatMap(({ card }) => (sameQuantity(card) ? (card.loss?.y ?? []) : []))
  const finite = all.filter((v): v is number => v !== null && Number.isFinite(v))
  const low = Math.min(...finite)
  const high = Math.max(...finite)
  return (
    <g>
      <LossName first={bands[0]} />
      {narrow || finite.length === 0 || low === high ? null : <LossScale low={low} high={high} bands={bands} />}
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

/** Greatest and least of what the lane draws, at its end. */
function LossScale({ low, high, bands }: { low: number; high: number; bands: readonly Band[] }) {
  const last = bands.at(-1)
  const x = (last ? last.x + last.width : 0) + 8
  return (
    <g className={styles.quiet}>
      <text x={x} y={HEAD + 14}>
        {formatNumber(high, 2)}
      </text>
      <text x={x} y={HEAD + LOSS - 4}>
        {formatNumber(low, 2)}
      </text>
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

/** One benchmark: dots at the checkpoints with their intervals, joined along the weights. */
export function ScoreLane({ lane, bands, top, width, narrow }: ScoreLaneProps) {
  const values = lane.dots.flatMap((d) => [d.score, d.low ?? d.score, d.high ?? d.score])
  const low = Math.min(...values)
  const span = Math.max(...values) - low || 1
  const y = (v: number) => top + LANE - 7 - ((v - low) / span) * (LANE - (narrow ? 40 : 28))
  const at = lane.dots.map((dot) => {
    const band = bands.find((b) => b.card.number === dot.card.number)
    return { dot, x: band ? band.x + band.width - 6 : 0, y: y(dot.score) }
  })
  const { benchmark } = lane
  const unit = unitBeside(benchmark)
  const interval = lane.dots.some((d) => d.low !== null)
  return (
    <g>
      <path d={`M0 ${top}H${width}`} stroke="var(--line)" />
      <text className={styles.strong} x={8} y={top + 15}>
        {benchmark.name}
        {narrow ? null : (
          <tspan className={styles.quiet} dx={6} fontWeight={400}>
            {unit === null ? '' : `${unit}, `}
            {benchmark.higher_is_better ? 'higher' : 'lower'} is better; n {countOf(lane)}
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
            {formatNumber(dot.score, Math.min(narrow ? 2 : 3, digitsOf(benchmark, dot.score)))}
          </text>
        </g>
      ))}
    </g>
  )
}

/** Wall time of the path so far, at the end of each stage that told one. */
export function CostLane({ bands, top, narrow }: { bands: readonly Band[]; top: number; narrow: boolean }) {
  const total = bands.reduce((sum, b) => sum + (b.card.wall_s ?? 0), 0)
  const isTold = bands.some((b) => b.card.wall_s !== null)
  let so = 0
  const y = (s: number) => top + LANE - 5 - (total === 0 ? 0 : s / total) * (LANE - 26)
  const points = [`0,${y(0)}`]
  const labels = bands.map((band) => {
    so += band.card.wall_s ?? 0
    const x = band.x + band.width
    points.push(`${x},${y(so)}`)
    return { number: band.card.number, x, y: y(so), words: band.card.wall_s === null ? null : formatDuration(so) }
  })
  return (
    <g>
      <path d={`M0 ${top}H${(bands.at(-1)?.x ?? 0) + (bands.at(-1)?.width ?? 0)}`} stroke="var(--line)" />
      <text className={styles.strong} x={8} y={top + 15}>
        Wall time so far
      </text>
      {isTold ? (
        <polyline points={points.join(' ')} fill="none" stroke="var(--text-2)" strokeWidth={1.5} />
      ) : (
        <text className={styles.quiet} x={8} y={top + 31}>
          not reported
        </text>
      )}
      {(isTold ? labels : [])
        .slice(narrow ? -1 : 0)
        .filter(({ x, words }) => words !== null && (narrow || x > 180))
        .map((label) => (
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

/** The last value of a lane, and its change since the first. */
export function Now({ lane, x, right, y }: { lane: Lane; x: number; right: number; y: number }) {
  const last = lane.dots.at(-1)
  const along = changeAlong(lane)
  return (
    <g>
      <text className={styles.now} x={x} y={y} textAnchor="end">
        {last ? scoreWords(last.score, lane.benchmark) : ''}
      </text>
      {along ? (
        <text className={styles.since} x={right} y={y} textAnchor="end" fill={INK[along.ink]}>
          {along.mark} {formatChange(along.change, digitsOf(lane.benchmark, last?.score ?? 0))}
        </text>
      ) : null}
    </g>
  )
}

/** Tokens along the path; stages that logged none say so. */
export function Axis({ bands, y }: { bands: readonly Band[]; y: number }) {
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

/** A text cut to `most` characters. */
export const short = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`
