'use client'
import { type KeyboardEvent, useId, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import type { Capability } from '#src/protocol/capability.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import { innerScale } from '#src/ui/charts/ticks.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import styles from './capability.module.css'
import { axisValue, cellWords, changeWords, countWords } from './capability-words.ts'
import { extentOf, pathsOf } from './line-path.ts'
import {
  type Against,
  axisTicks,
  bandsOfPath,
  type CapabilityAxis,
  type Dot,
  type Lane,
  lanesOfPath,
  type StageBand,
  xIn,
} from './prepare-capability.ts'
import { usePathLines } from './use-path-lines.ts'

const HEAD = 22
const LOSS = 124
const RATE = 40
const LANE = 78
const AXIS = 24
/** Room at the left for names and marks, at the right for the value now and the change since the root. */
const LEFT = 172
const RIGHT = 136
const NOW_AT = 60
const NAME_ABOVE = 18

export interface CapabilityDrawingProps {
  workspace: string
  project: string
  data: Capability
  columns: readonly number[]
  axis: CapabilityAxis
  against: Against
  smoothing: Smoothing | null
  /** Of the whole, px. */
  width: number
  hrefOf: (point: Capability['points'][number]) => string
}

/** Bands of the stages, the training loss stitched over them, the learning rate, and a lane a benchmark. */
export function CapabilityDrawing(props: CapabilityDrawingProps) {
  const { data, axis, width, against } = props
  const narrow = width < 640
  const left = narrow ? 30 : LEFT
  const plot = Math.max(160, width - left - (narrow ? 6 : RIGHT))
  const { bands } = bandsOfPath(data.stages, axis, plot)
  const lanes = lanesOfPath(data, { columns: props.columns, axis, against, bands })
  const [at, setAt] = useState<number | null>(null)
  const gap = narrow ? NAME_ABOVE : 0
  const lossTop = HEAD
  const rateTop = lossTop + LOSS + gap
  const hasRate = data.stages.some((stage) => stage.learning_rate !== null)
  const lanesTop = rateTop + (hasRate ? RATE + gap : 0)
  const bottom = lanesTop + lanes.length * (LANE + gap)
  const height = bottom + AXIS
  const shared = { ...props, bands, plot, narrow }
  const ticks = spaced(axisTicks(bands, axis, narrow ? 3 : 8))
  const end = data.stages.at(-1)
  return (
    <div className={styles.drawing}>
      <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <title>{`Capability over ${axis === 'tokens' ? 'tokens' : 'device-hours'}; the table below holds the same numbers`}</title>
        <g transform={`translate(${left} 0)`}>
          {bands.map((band) => (
            <Ground key={band.card.experiment.number} band={band} height={bottom} />
          ))}
          <LossLane {...shared} top={lossTop + gap} left={left} />
          {hasRate ? <RateLane {...shared} top={rateTop + gap} left={left} /> : null}
          {lanes.map((lane, i) => (
            <ScoreLane
              key={lane.benchmark.slug}
              lane={lane}
              top={lanesTop + i * (LANE + gap) + gap}
              left={left}
              plot={plot}
              narrow={narrow}
              against={against}
              colourOf={(stage) => {
                const kind = data.stages[stage]?.experiment.stage_kind
                return kind ? STAGE_LOOKS[kind].colour : 'var(--text)'
              }}
            />
          ))}
          {end && !narrow ? (
            <NowHeads plot={plot} first={data.stages[0]?.experiment.name ?? ''} against={against} />
          ) : null}
          <path d={`M0 ${bottom}H${plot}`} stroke="var(--line-2)" />
          {ticks.map(({ value, x }, i) => (
            <text key={value} className={styles.quiet} x={x} y={bottom + 16} textAnchor={i === 0 ? 'start' : 'middle'}>
              {i === 0
                ? `${axisValue(axis, value)} ${axis === 'tokens' ? 'tokens' : 'device-hours'}`
                : axisValue(axis, value)}
            </text>
          ))}
          {bands
            .filter((band) => !band.card[axis] || band.from === band.to)
            .map((band) => (
              <text
                key={band.card.experiment.number}
                className={styles.quiet}
                x={band.x + band.width / 2}
                y={bottom + 16}
                textAnchor="middle"
              >
                not logged
              </text>
            ))}
          <Columns {...shared} height={bottom} at={at} setAt={setAt} />
        </g>
      </svg>
      {at === null ? null : <Reading {...shared} at={at} left={left} lanes={lanes} />}
    </div>
  )
}

function Ground({ band, height }: { band: StageBand; height: number }) {
  const { experiment } = band.card
  const look = STAGE_LOOKS[experiment.stage_kind]
  return (
    <g>
      <rect x={band.x} y={0} width={band.width} height={height} fill={look.colour} opacity={0.045} />
      <rect x={band.x} y={0} width={band.width} height={HEAD - 2} fill={look.colour} opacity={0.16} />
      <path d={`M${band.x + band.width} 0V${height}`} stroke="var(--line-2)" />
      <look.Icon x={band.x + 6} y={3} width={14} height={14} color={look.colour} strokeWidth={1.75} aria-hidden />
      {band.width >= 30 + experiment.name.length * 6.5 ? (
        <text className={styles.strong} x={band.x + 25} y={14}>
          {experiment.name}
        </text>
      ) : null}
      <title>{`${experiment.name}, ${look.word}`}</title>
    </g>
  )
}

interface LaneProps extends CapabilityDrawingProps {
  bands: readonly StageBand[]
  plot: number
  narrow: boolean
  top: number
  left: number
}

/** Name and note of a lane: in the left column, or above the lane on a phone. */
function LaneName(props: { name: string; notes: readonly string[]; top: number; left: number; narrow: boolean }) {
  if (props.narrow)
    return (
      <text className={styles.strong} x={-props.left + 2} y={props.top - 5}>
        {props.name}
        <tspan className={styles.quiet} dx={6} fontWeight={400}>
          {props.notes[0]}
        </tspan>
      </text>
    )
  return (
    <g>
      <text className={styles.strong} x={-props.left} y={props.top + 16}>
        {props.name}
      </text>
      {props.notes.map((note, i) => (
        <text key={note} className={styles.quiet} x={-props.left} y={props.top + 33 + i * 16}>
          {note}
        </text>
      ))}
    </g>
  )
}

/** A curve a stage on one scale; where what is lost changes its meaning, a mark says so, and nothing joins the two. */
function LossLane(props: LaneProps) {
  const { bands, plot, top, axis, narrow } = props
  const hatch = useId()
  const { lines, isWaiting } = usePathLines({ ...props, metricOf: (stage) => stage.loss })
  const reach = extentOf(lines)
  const scale = reach && innerScale(reach.min, reach.max, 3, false)
  const toY = (value: number) =>
    scale ? top + 8 + ((scale.max - value) / (scale.max - scale.min || 1)) * (LOSS - 16) : top
  const isOther = (band: StageBand) => ['preference', 'rl_verifiable'].includes(band.card.experiment.stage_kind)
  return (
    <g>
      <defs>
        <pattern id={hatch} width={7} height={7} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V7" stroke="var(--hatch)" strokeWidth={1.4} />
        </pattern>
      </defs>
      <LaneName
        {...props}
        name="Training loss"
        notes={['as logged, ↓', 'raw behind smoothed', 'parted where it breaks']}
      />
      {scale?.at.map((value) => (
        <g key={value}>
          <path d={`M0 ${toY(value)}H${plot}`} stroke="var(--grid)" />
          <text className={styles.quiet} x={-6} y={toY(value) + 4} textAnchor="end">
            {formatNumber(value, value % 1 === 0 ? 0 : 1)}
          </text>
        </g>
      ))}
      {bands.filter(isOther).map((band) => (
        <rect
          key={band.card.experiment.number}
          x={band.x}
          y={top}
          width={band.width}
          height={LOSS}
          fill={`url(#${hatch})`}
        >
          <title>{`The loss of ${band.card.experiment.name} is another quantity`}</title>
        </rect>
      ))}
      {lines.map((line) => {
        const band = bands[line.stage]
        if (!band) return null
        const colour = STAGE_LOOKS[band.card.experiment.stage_kind].colour
        const { raw, smooth } = pathsOf(line, { band, axis, smoothing: props.smoothing, toY })
        return (
          <g key={line.stage} fill="none" stroke={colour} strokeLinejoin="round">
            <path d={raw} strokeWidth={smooth === null ? 1.5 : 1} opacity={smooth === null ? 1 : 0.28} />
            {smooth === null ? null : <path d={smooth} strokeWidth={1.5} />}
          </g>
        )
      })}
      {bands
        .filter((band) => band.card.loss_breaks.length > 0)
        .map((band) => (
          <BreakMark
            key={band.card.experiment.number}
            x={band.x}
            y={top + LOSS - 12}
            why={`The loss does not go on at ${band.card.experiment.name}: ${band.card.loss_breaks.join('; ')}`}
          />
        ))}
      {bands
        .filter((band) => !isWaiting && !lines.some((line) => bands[line.stage] === band) && !narrow)
        .map((band) => (
          <text
            key={band.card.experiment.number}
            className={styles.quiet}
            x={band.x + band.width / 2}
            y={top + LOSS / 2}
            textAnchor="middle"
          >
            no loss
          </text>
        ))}
      <path d={`M${-props.left} ${top + LOSS}H${plot}`} stroke="var(--line)" />
    </g>
  )
}

function RateLane(props: LaneProps) {
  const { bands, plot, top, axis } = props
  const { lines } = usePathLines({ ...props, metricOf: (stage) => stage.learning_rate })
  const reach = extentOf(lines)
  const most = reach?.max ?? 0
  const toY = (value: number) => top + 6 + (1 - (most > 0 ? value / most : 0)) * (RATE - 12)
  return (
    <g>
      <LaneName
        {...props}
        name="Learning rate"
        notes={[most > 0 ? `from 0 to ${most.toPrecision(2)}` : 'not logged']}
      />
      {lines.map((line) => {
        const band = bands[line.stage]
        if (!band) return null
        const { raw } = pathsOf(line, { band, axis, smoothing: null, toY })
        return (
          <path
            key={line.stage}
            d={raw}
            fill="none"
            stroke={STAGE_LOOKS[band.card.experiment.stage_kind].colour}
            strokeWidth={1.5}
          />
        )
      })}
      <path d={`M${-props.left} ${top + RATE}H${plot}`} stroke="var(--line)" />
    </g>
  )
}

/** Two curves that are not one: a short gap with its reason. */
function BreakMark({ x, y, why }: { x: number; y: number; why: string }) {
  return (
    <g className={styles.break}>
      <path
        d={`M${x - 3.5} ${y + 5}l3 -10M${x + 0.5} ${y + 5}l3 -10`}
        stroke="var(--text-2)"
        strokeWidth={1.25}
        fill="none"
      />
      <rect x={x - 8} y={y - 9} width={16} height={18} fill="transparent">
        <title>{why}</title>
      </rect>
    </g>
  )
}

function ScoreLane(props: {
  lane: Lane
  top: number
  left: number
  plot: number
  narrow: boolean
  against: Against
  colourOf: (stage: number) => string
}) {
  const { lane, top, plot, narrow, against } = props
  const { benchmark, scale, dots } = lane
  const y = (value: number) => top + 16 + ((scale.max - value) / (scale.max - scale.min || 1)) * (LANE - 26)
  const print = (value: number) =>
    against === 'score' ? formatNumber(value, narrow ? 2 : 3) : formatChange(value, narrow ? 2 : 3)
  const last = dots.at(-1)
  return (
    <g>
      <LaneName {...props} name={benchmark.name} notes={laneNotes(lane, against)} />
      {scale.at.map((value) => (
        <g key={value}>
          <path d={`M0 ${y(value)}H${plot}`} stroke="var(--grid)" />
          <text className={styles.quiet} x={-6} y={y(value) + 4} textAnchor="end">
            {formatNumber(value, scale.max - scale.min < 0.5 ? 2 : 1)}
          </text>
        </g>
      ))}
      {lane.line ? (
        <g>
          <path
            d={`M0 ${y(lane.line.value)}H${plot}`}
            stroke="var(--ctl)"
            strokeDasharray={against === 'score' ? '1.5 3' : undefined}
          />
          <text
            className={styles.value}
            x={plot - 4}
            y={y(lane.line.value) - 4}
            textAnchor="end"
            fontSize={12}
            opacity={0.85}
          >
            {against === 'score' ? `chance ${formatNumber(lane.line.value)}` : ''}
          </text>
        </g>
      ) : null}
      {lane.joins.map(([from, to]) => {
        const [a, b] = [dots[from] as Dot, dots[to] as Dot]
        return <path key={from} d={`M${a.x} ${y(a.value)}L${b.x} ${y(b.value)}`} stroke="var(--ctl)" fill="none" />
      })}
      {lane.breaks.map(({ x, why }) => (
        <BreakMark key={x} x={x} y={top + LANE / 2} why={`Not joined: ${why}`} />
      ))}
      {against === 'parent'
        ? dots.map((dot) => (
            <path
              key={dot.point}
              d={`M${dot.x} ${y(0)}V${y(dot.value)}`}
              stroke={props.colourOf(dot.stage)}
              strokeWidth={3}
            />
          ))
        : null}
      {dots.map((dot) => (
        <DotMark key={dot.point} dot={dot} y={y} against={against} colour={props.colourOf(dot.stage)} />
      ))}
      {labelled(dots, plot).map((dot) => (
        <text
          key={dot.point}
          className={styles.value}
          x={dot.x - 2}
          y={Math.max(top + 11, y(dot.high ?? dot.value) - 5)}
          textAnchor="end"
        >
          {print(dot.value)}
        </text>
      ))}
      {last && !narrow ? <Now lane={lane} last={last} y={top + LANE / 2 + 6} plot={plot} /> : null}
      <path d={`M${-props.left} ${top + LANE}H${narrow ? plot : plot + RIGHT}`} stroke="var(--line)" />
    </g>
  )
}

/** Filled: as measured, or a change that is certain; hollow: a change whose interval holds 0. Small: not the stage's checkpoint. */
function DotMark(props: { dot: Dot; y: (v: number) => number; against: Against; colour: string }) {
  const { dot, y, against, colour } = props
  const isHollow = against !== 'score' && dot.low !== null && dot.high !== null && dot.low <= 0 && dot.high >= 0
  return (
    <g>
      {dot.low !== null && dot.high !== null ? (
        <path d={`M${dot.x} ${y(dot.low)}V${y(dot.high)}`} stroke="var(--ctl)" strokeWidth={1.25} />
      ) : null}
      <circle
        cx={dot.x}
        cy={y(dot.value)}
        r={dot.ofStage ? 3.5 : 2}
        fill={isHollow ? 'var(--bg)' : colour}
        stroke={isHollow ? colour : 'var(--bg)'}
        strokeWidth={isHollow ? 1.5 : 1}
      />
    </g>
  )
}

function NowHeads({ plot, first, against }: { plot: number; first: string; against: Against }) {
  return (
    <g>
      <text className={styles.quiet} x={plot + NOW_AT} y={14} textAnchor="end">
        {against === 'score' ? 'now' : ''}
      </text>
      <text className={styles.quiet} x={plot + RIGHT} y={14} textAnchor="end">
        since {first.length > 8 ? `${first.slice(0, 7)}…` : first}
      </text>
    </g>
  )
}

function Now({ lane, last, y, plot }: { lane: Lane; last: Dot; y: number; plot: number }) {
  const root = last.cell.root
  const isCertain = root?.reading === 'gained' || root?.reading === 'lost'
  const ink = !isCertain ? 'var(--text-2)' : root.reading === 'gained' ? 'var(--gain-ink)' : 'var(--lost-ink)'
  return (
    <g>
      <text className={styles.now} x={plot + NOW_AT} y={y} textAnchor="end">
        {formatNumber(last.cell.score)}
      </text>
      {root && root.change !== null ? (
        <text className={styles.since} x={plot + RIGHT} y={y} textAnchor="end" fill={ink}>
          {formatChange(root.change)}
        </text>
      ) : null}
      {root ? <title>{`${lane.benchmark.name} since the root: ${changeWords(root)}`}</title> : null}
    </g>
  )
}

function laneNotes({ benchmark, dots }: Lane, against: Against): string[] {
  const counts = new Set(dots.map((d) => d.cell.n))
  const [n] = counts
  const unit = unitBeside(benchmark)
  const word = benchmark.higher_is_better ? 'higher is better' : 'lower is better'
  const interval = dots.some((d) => d.low !== null) ? '95 %' : 'no interval'
  return [
    `${directionArrow(benchmark.higher_is_better)} ${word}${unit ? `, ${unit}` : ''}`,
    dots.length === 0
      ? against === 'score'
        ? 'not measured here'
        : `nothing to compare`
      : `${counts.size === 1 && n !== undefined ? `${countWords(n)}, ` : ''}${interval}`,
  ]
}

/** Stage checkpoints whose words do not run into each other; from the right, so that the last is always said. */
function labelled(dots: readonly Dot[], plot: number): Dot[] {
  const kept: Dot[] = []
  let free = plot + 50
  for (const dot of [...dots].reverse()) {
    if (!dot.ofStage || dot.x > free) continue
    kept.push(dot)
    free = dot.x - 44
  }
  return kept
}

/** Ticks whose words do not run into each other. */
function spaced(ticks: readonly { value: number; x: number }[]): { value: number; x: number }[] {
  const kept: { value: number; x: number }[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const tick of ticks) {
    if (tick.x < free) continue
    kept.push(tick)
    free = tick.x + (kept.length === 1 ? 92 : 56)
  }
  return kept
}

interface ColumnsProps extends CapabilityDrawingProps {
  bands: readonly StageBand[]
  height: number
  at: number | null
  setAt: (at: number | null) => void
}

/** A link a checkpoint, as high as the drawing: pointing at it or moving to it by arrow keys reads all lanes there, Enter opens it. */
function Columns({ data, bands, axis, height, at, setAt, hrefOf }: ColumnsProps) {
  const places = data.points.map((point) => {
    const band = bands[point.stage]
    return band ? xIn(band, axis, point[axis]) : 0
  })
  const stop = at ?? data.points.length - 1
  const keys = (event: KeyboardEvent<Element>, i: number) => {
    const next = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: data.points.length - 1 }[event.key]
    if (event.key === 'Escape') setAt(null)
    if (next === undefined || next < 0 || next >= data.points.length) return
    event.preventDefault()
    const links = event.currentTarget.parentElement?.querySelectorAll('a')
    links?.[next]?.focus()
  }
  return (
    <g data-screen-only>
      {data.points.map((point, i) => {
        const x = places[i] as number
        const [before, after] = [places[i - 1] ?? x - 24, places[i + 1] ?? x + 24]
        const from = Math.max(x - 14, (before + x) / 2)
        const to = Math.max(from + 2, Math.min(x + 14, (x + after) / 2))
        return (
          <a
            key={point.checkpoint.id}
            href={hrefOf(point)}
            className={styles.column}
            tabIndex={i === stop ? 0 : -1}
            aria-label={spoken(data, i)}
            onPointerEnter={() => setAt(i)}
            onPointerLeave={() => setAt(null)}
            onFocus={() => setAt(i)}
            onBlur={() => setAt(null)}
            onKeyDown={(event) => keys(event, i)}
          >
            <rect x={from} y={0} width={to - from} height={height} fill="transparent" />
            {at === i ? (
              <path d={`M${x} ${HEAD}V${height}`} stroke="var(--text)" strokeWidth={1} opacity={0.5} />
            ) : null}
          </a>
        )
      })}
    </g>
  )
}

/** A checkpoint in words, for readers. */
function spoken(data: Capability, i: number): string {
  const point = data.points[i]
  if (!point) return ''
  const name = data.stages[point.stage]?.experiment.name ?? ''
  const cells = point.cells.flatMap((cell, c) => (cell ? [`${data.benchmarks[c]?.name} ${cellWords(cell)}`] : []))
  return [`${name}, step ${formatExactCount(point.checkpoint.step)}`, ...cells].join('; ')
}

function Reading(props: ReadingProps & { at: number; left: number; lanes: readonly Lane[] }) {
  const { data, axis, against, bands, at, left, lanes, width } = props
  const point = data.points[at]
  const band = point && bands[point.stage]
  if (!point || !band) return null
  const x = left + xIn(band, axis, point[axis])
  const isRight = x < width / 2
  const place = point[axis]
  return (
    <div
      className={styles.reading}
      aria-hidden
      style={isRight ? { left: Math.min(x + 14, width - 300) } : { right: Math.min(width - x + 14, width - 300) }}
    >
      <p className={styles.readingHead}>
        <strong>{band.card.experiment.name}</strong>
        <span>
          step {formatExactCount(point.checkpoint.step)}
          {place === null ? '' : `, ${axisValue(axis, place)} ${axis === 'tokens' ? 'tokens' : 'device-hours'}`}
        </span>
      </p>
      {lanes.map((lane) => {
        const cell = point.cells[lane.column]
        return (
          <p key={lane.benchmark.slug} className={styles.readingRow}>
            <span>{lane.benchmark.name}</span>
            <b>{cell ? formatNumber(cell.score) : 'not measured'}</b>
            <span>
              {cell && cell.low !== null && cell.high !== null
                ? `${formatNumber(cell.low)} to ${formatNumber(cell.high)}`
                : cell
                  ? 'no interval'
                  : ''}
            </span>
            {against !== 'score' && cell ? <span>{changeWords(cell[against])}</span> : null}
          </p>
        )
      })}
    </div>
  )
}

type ReadingProps = Omit<LaneProps, 'top' | 'left'>
