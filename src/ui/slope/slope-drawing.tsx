'use client'
import Link from 'next/link'
import type { KeyboardEvent } from 'react'
import { formatNumber } from '#src/core/format/number.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { innerScale, type Scale } from '#src/ui/charts/ticks.ts'
import {
  placeEnds,
  type Slope,
  type SlopeDot,
  type SlopeJoin,
  type SlopeLine,
  type SlopeStop,
} from './prepare-slope.ts'
import styles from './slope.module.css'
import { dotWords } from './slope-words.ts'

const HEAD = 30
const FOOT = 26
const LEFT = 40
const HEIGHT = 460
const GAP = 17
const PANEL = 150
const LETTER = 6.4

export interface SlopeDrawingProps {
  slope: Slope
  width: number
  /** Slug of the benchmark that stands out. */
  lit: string | null
  onLight: (slug: string | null) => void
  onPick: (slug: string) => void
  hrefOf: (line: SlopeLine, stop: SlopeStop) => string
}

/** One axis for all benchmarks: 0 is chance, 1 the best there can be. */
export function NormalisedSlope(props: SlopeDrawingProps) {
  const { slope, width, lit } = props
  const names = Math.max(0, ...slope.lines.map(({ benchmark }) => benchmark.name.length)) * LETTER + 20
  const right = width < 640 ? Math.min(130, names) : Math.min(230, names)
  const plot = Math.max(120, width - LEFT - right)
  const bottom = HEIGHT - FOOT
  const values = slope.lines.flatMap(({ dots }) =>
    dots.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]),
  )
  const scale = padded(Math.min(0, ...values), Math.max(1, ...values), 6)
  const y = (value: number) => HEAD + ((scale.max - value) / (scale.max - scale.min || 1)) * (bottom - HEAD)
  const x = xOf(slope, plot)
  const ends = slope.lines.map((line) => ({ key: line.row, y: y(endOf(line)?.value ?? 0) }))
  const places = placeEnds(ends, { gap: GAP, top: HEAD + 6, bottom })
  // The one that stands out lies above the others.
  const ordered = [...slope.lines].sort((a, b) => Number(a.benchmark.slug === lit) - Number(b.benchmark.slug === lit))
  return (
    <svg className={styles.svg} data-drawing width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
      <title>Retention over the stages, normalised; the table holds the same numbers</title>
      <g transform={`translate(${LEFT} 0)`}>
        {scale.at.map((value) => (
          <g key={value}>
            <path d={`M0 ${y(value)}H${plot}`} stroke="var(--grid)" />
            <text className={styles.quiet} x={-8} y={y(value) + 4} textAnchor="end">
              {formatNumber(value, 1)}
            </text>
          </g>
        ))}
        <path d={`M0 ${y(0)}H${plot}`} stroke="var(--ctl)" strokeDasharray="1.5 3" />
        <Stops slope={slope} x={x} plot={plot} bottom={bottom} />
        {ordered.map((line) => (
          <Line key={line.row} {...props} line={line} x={x} y={y} />
        ))}
        <text
          className={styles.halo}
          x={x({ place: Math.min(0.5, lastPlace(slope)) })}
          y={y(0) + 15}
          textAnchor="middle"
        >
          chance
        </text>
        {slope.lines.map((line, i) => (
          <EndName
            key={line.row}
            {...props}
            line={line}
            isFirst={lit === null ? i === 0 : line.benchmark.slug === lit}
            from={{ x: x(endOf(line)?.stop ?? { place: 0 }), y: y(endOf(line)?.value ?? 0) }}
            x={plot + 14}
            y={places.get(line.row) ?? 0}
            most={right - 18}
          />
        ))}
      </g>
      <text className={styles.quiet} x={0} y={12}>
        ↑ better
      </text>
    </svg>
  )
}

/** A panel a benchmark, each on its own axis. */
export function RawSlopes(props: SlopeDrawingProps) {
  const { slope, width } = props
  const across = Math.max(1, Math.min(3, Math.floor(width / 360)))
  const each = (width - (across - 1) * 24) / across
  const rows = Math.ceil(slope.lines.length / across)
  const height = rows * (PANEL + HEAD)
  return (
    <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>Retention over the stages, raw scores; the table holds the same numbers</title>
      {slope.lines.map((line, i) => (
        <g
          key={line.row}
          transform={`translate(${(i % across) * (each + 24)} ${Math.floor(i / across) * (PANEL + HEAD)})`}
        >
          <RawPanel {...props} line={line} each={each} isFirst={i === 0} />
        </g>
      ))}
    </svg>
  )
}

function RawPanel(props: SlopeDrawingProps & { line: SlopeLine; each: number; isFirst: boolean }) {
  const { line, each, slope } = props
  const { benchmark, dots } = line
  const plot = each - LEFT - 8
  const values = dots.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value])
  if (benchmark.chance !== null) values.push(benchmark.chance)
  const scale = padded(Math.min(...values), Math.max(...values), 4)
  const [top, bottom] = [HEAD, PANEL - 12]
  const y = (value: number) => top + ((scale.max - value) / (scale.max - scale.min || 1)) * (bottom - top)
  const x = xOf(slope, plot)
  return (
    <g transform={`translate(${LEFT} 0)`}>
      {scale.at.map((value) => (
        <g key={value}>
          <path d={`M0 ${y(value)}H${plot}`} stroke="var(--grid)" />
          <text className={styles.quiet} x={-8} y={y(value) + 4} textAnchor="end">
            {String(value)}
          </text>
        </g>
      ))}
      {benchmark.chance === null ? null : (
        <path d={`M0 ${y(benchmark.chance)}H${plot}`} stroke="var(--ctl)" strokeDasharray="1.5 3">
          <title>{`chance ${formatNumber(benchmark.chance)}`}</title>
        </path>
      )}
      <Line {...props} x={x} y={y} />
      <EndName {...props} from={null} x={-LEFT} y={14} most={each} />
      {slope.stops
        .filter(({ isBranch, place }) => !isBranch && (place === 0 || place === lastPlace(slope)))
        .map((stop) => (
          <text
            key={stop.number}
            className={styles.quiet}
            x={x(stop)}
            y={PANEL + 6}
            textAnchor={stop.place === 0 ? 'start' : 'end'}
          >
            {stop.name}
          </text>
        ))}
    </g>
  )
}

const lastPlace = ({ stops }: Slope): number => Math.max(0, ...stops.map(({ place }) => place))

const xOf = (slope: Slope, plot: number) => {
  const steps = Math.max(1, lastPlace(slope))
  return ({ place }: Pick<SlopeStop, 'place'>) => 12 + (place / steps) * (plot - 24)
}

function padded(low: number, high: number, count: number): Scale {
  const pad = (high - low || 1) * 0.05
  return innerScale(low - pad, high + pad, count, false)
}

/** The last dot of the path, which carries the name. */
const endOf = ({ dots }: SlopeLine): SlopeDot | undefined =>
  [...dots].reverse().find(({ stop }) => !stop.isBranch) ?? dots[0]

/** Names of the stages above, of the branches below; where they have no room, those of the ends. */
function Stops(props: { slope: Slope; x: (stop: SlopeStop) => number; plot: number; bottom: number }) {
  const { slope, x, plot, bottom } = props
  const path = slope.stops.filter(({ isBranch }) => !isBranch)
  const branches = slope.stops.filter(({ isBranch }) => isBranch)
  const [fork] = branches
  const room = plot / Math.max(1, path.length)
  const longest = Math.max(0, ...path.map(({ name }) => name.length)) * LETTER
  const isTight = longest + 8 > room
  const most = Math.floor((isTight ? plot / 2 : room) / LETTER)
  const beside = `dashed: ${branches.map(({ name }) => name).join(', ')}`
  return (
    <g>
      {path.map((stop, i) => {
        const isLast = i === path.length - 1
        return (
          <g key={stop.number}>
            <path d={`M${x(stop)} ${HEAD}V${bottom}`} stroke="var(--line)" />
            {isTight && i > 0 && !isLast ? null : (
              <text
                className={styles.stop}
                x={x(stop)}
                y={HEAD - 8}
                textAnchor={i === 0 ? 'start' : isLast ? 'end' : 'middle'}
              >
                {stop.name.length > most ? `${stop.name.slice(0, most - 1)}…` : stop.name}
                <title>{stop.name}</title>
              </text>
            )}
          </g>
        )
      })}
      {fork ? (
        <text
          className={styles.quiet}
          x={isTight ? plot : x(fork)}
          y={bottom + 18}
          textAnchor={isTight ? 'end' : fork.place === lastPlace(slope) ? 'end' : 'middle'}
        >
          {beside}
        </text>
      ) : null}
    </g>
  )
}

interface LineProps extends SlopeDrawingProps {
  line: SlopeLine
  x: (stop: SlopeStop) => number
  y: (value: number) => number
}

function Line({ line, lit, x, y, hrefOf, onLight }: LineProps) {
  const { slug } = line.benchmark
  const isLit = lit === slug
  const isDim = lit !== null && !isLit
  return (
    <g opacity={isDim ? 0.22 : 1} onPointerEnter={() => onLight(slug)} onPointerLeave={() => onLight(null)}>
      {line.joins.map(({ from, to }) => {
        const d = `M${x(from.stop)} ${y(from.value)}L${x(to.stop)} ${y(to.value)}`
        return (
          <g key={to.stop.column}>
            <path d={d} stroke="transparent" strokeWidth={12} />
            <path
              d={d}
              stroke={inkOf({ from, to })}
              strokeWidth={isLit ? 2.5 : to.stop.isBranch ? 1.25 : 1.75}
              strokeDasharray={to.stop.isBranch ? '4 3' : undefined}
            />
          </g>
        )
      })}
      {line.dots.map((dot) => (
        <Link
          key={dot.stop.column}
          href={hrefOf(line, dot.stop)}
          className={styles.dot}
          tabIndex={isLit ? 0 : -1}
          aria-label={`${line.benchmark.name}, ${dot.stop.name}: ${dotWords(dot, line)}`}
        >
          {dot.low !== null && dot.high !== null ? (
            <path
              d={`M${x(dot.stop)} ${y(dot.low)}V${y(dot.high)}`}
              stroke="var(--ctl)"
              strokeWidth={isLit ? 1.75 : 1}
              opacity={isLit ? 1 : 0.55}
            />
          ) : null}
          <circle cx={x(dot.stop)} cy={y(dot.value)} r={9} fill="transparent" />
          <circle
            cx={x(dot.stop)}
            cy={y(dot.value)}
            r={3.5}
            fill={dot.stop.isBranch ? 'var(--bg)' : 'var(--text)'}
            stroke={dot.stop.isBranch ? 'var(--text)' : 'var(--bg)'}
          />
          <title>{`${line.benchmark.name}, ${dot.stop.name}: ${dotWords(dot, line)}`}</title>
        </Link>
      ))}
    </g>
  )
}

/** Orange where the stage lost it for certain, blue where it gained, else grey. */
function inkOf({ to }: SlopeJoin): string {
  if (to.cell.state === 'forgot') return 'var(--lost-ink)'
  return to.cell.state === 'improved' ? 'var(--gain-ink)' : 'var(--text-3)'
}

/** The name of a benchmark: a button that makes its line stand out; arrows go from one to the next. */
function EndName(
  props: SlopeDrawingProps & {
    line: SlopeLine
    isFirst: boolean
    /** Where its line ends; null: the name stands above its panel. */
    from: { x: number; y: number } | null
    x: number
    y: number
    most: number
  },
) {
  const { line, from, x, y, lit } = props
  const { slug, name, higher_is_better } = line.benchmark
  const letters = Math.max(4, Math.floor(props.most / LETTER))
  const words = from ? name : `${directionArrow(higher_is_better)} ${name}`
  const keys = (event: KeyboardEvent<SVGGElement>) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      props.onPick(slug)
    }
    const by = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const names = [...(event.currentTarget.ownerSVGElement?.querySelectorAll<SVGGElement>('[data-benchmark]') ?? [])]
    names.sort((a, b) => Number(a.dataset.at) - Number(b.dataset.at))
    names[names.indexOf(event.currentTarget) + by]?.focus()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML buttons cannot stand inside a drawing
    <g
      className={styles.name}
      role="button"
      tabIndex={props.isFirst ? 0 : -1}
      aria-pressed={lit === slug}
      aria-label={`Highlight ${name}`}
      data-benchmark={slug}
      data-at={from ? y : line.row}
      opacity={lit !== null && lit !== slug ? 0.45 : 1}
      onClick={() => props.onPick(slug)}
      onKeyDown={keys}
      onPointerEnter={() => props.onLight(slug)}
      onPointerLeave={() => props.onLight(null)}
      onFocus={() => props.onLight(slug)}
      onBlur={() => props.onLight(null)}
    >
      {from ? <path d={`M${from.x + 6} ${from.y}L${x - 4} ${y}`} stroke="var(--line-2)" /> : null}
      <rect x={x - 2} y={y - 8} width={words.length * LETTER + 6} height={16} fill="transparent" />
      <text className={styles.label} data-lit={lit === slug || undefined} x={x} y={y + 4}>
        {words.length > letters ? `${words.slice(0, letters - 1)}…` : words}
      </text>
    </g>
  )
}
